export interface Log {
  info(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
}

/** Log with one line of JSON per event, which journald and CloudWatch can search. */
export function jsonLog(now: () => number, write: (line: string) => void): Log {
  const entry = (level: string) => (event: string, fields: object) =>
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields }));
  const [info, error] = [entry("info"), entry("error")];
  return { info: (event, fields = {}) => info(event, fields), error: (event, fields = {}) => error(event, fields) };
}
