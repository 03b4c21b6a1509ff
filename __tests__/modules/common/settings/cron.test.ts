import { describe, expect, it } from "vitest";
import { awsCron, cronSchema, timezoneSchema, unixCron } from "../../../../modules/common/settings/cron";
import { parseInput } from "../../../../modules/common/settings/props";
import { errorOf } from "../../../support/bad-input";

const faultOf = (schema: typeof cronSchema, text: unknown) =>
  errorOf(() => parseInput("test", schema, text)).message.replace(/^test: props: /, "");

describe("cron", () => {
  it.each([
    ["30 20 * * MON-FRI", "cron(30 20 ? * MON,TUE,WED,THU,FRI *)", "30 20 * * 1,2,3,4,5"],
    ["0 8 * * *", "cron(0 8 * * ? *)", "0 8 * * *"],
    ["0 0 1 * *", "cron(0 0 1 * ? *)", "0 0 1 * *"],
    ["59 23 31 12 *", "cron(59 23 31 12 ? *)", "59 23 31 12 *"],
    ["0 6,18 * * *", "cron(0 6,18 * * ? *)", "0 6,18 * * *"],
    ["0 8-10,14 * 1-3 *", "cron(0 8,9,10,14 * 1,2,3 ? *)", "0 8,9,10,14 * 1,2,3 *"],
    ["0 0 29 FEB *", "cron(0 0 29 2 ? *)", "0 0 29 2 *"],
    ["0 9 * jan,DEC sun", "cron(0 9 ? 1,12 SUN *)", "0 9 * 1,12 0"],
    ["0 9 * * 0", "cron(0 9 ? * SUN *)", "0 9 * * 0"],
    ["0 9 * * 7", "cron(0 9 ? * SUN *)", "0 9 * * 0"],
    ["0 9 * * FRI-SUN", "cron(0 9 ? * SUN,FRI,SAT *)", "0 9 * * 0,5,6"],
    ["0 9 1-31 1-12 SUN-SAT", "cron(0 9 * * ? *)", "0 9 * * *"],
    ["0 9 1 * MON-SUN", "cron(0 9 1 * ? *)", "0 9 1 * *"],
    ["0 9 * * SUN-SUN", "cron(0 9 ? * SUN *)", "0 9 * * 0"],
    ["0 9 * * SUN-TUE", "cron(0 9 ? * SUN,MON,TUE *)", "0 9 * * 0,1,2"],
    ["  0   9 * * 6 ", "cron(0 9 ? * SAT *)", "0 9 * * 6"],
  ])("%s is %s of AWS and %s of crontab", (text, aws, unix) => {
    expect(cronSchema.parse(text)).toBe(text);
    expect(awsCron(text)).toBe(aws);
    expect(unixCron(text)).toBe(unix);
  });
  it.each([
    ["", "must have the five fields"],
    ["0 8 * *", "must have the five fields"],
    ["0 8 ? * MON *", "must have the five fields"],
    ["cron(0 8 ? * MON *)", "must have the five fields"],
    ["60 8 * * *", "minute of 0 to 59"],
    ["-1 8 * * *", "minute of 0 to 59"],
    ["* 8 * * *", "must give the minute instead of *"],
    ["0,30 8 * * *", "must have one minute"],
    ["0-59 8 * * *", "must have one minute"],
    ["*/5 8 * * *", "minute of 0 to 59"],
    ["0 24 * * *", "hour of 0 to 23"],
    ["0 * * * *", "must give the hour instead of *"],
    ["0 10-8 * * *", "hour of 0 to 23, or an ascending range"],
    ["0 8-9-10 * * *", '"8-9-10" is not'],
    ["0 8, * * *", "hour of 0 to 23"],
    ["0 8 0 * *", "day of month of 1 to 31"],
    ["0 8 32 * *", "day of month of 1 to 31"],
    ["0 8 L * *", "day of month of 1 to 31"],
    ["0 8 * 0 *", "month of 1 to 12, JAN to DEC"],
    ["0 8 * 13 *", "month of 1 to 12"],
    ["0 8 * * 8", "day of week of 0 to 7, SUN to SAT"],
    ["0 8 * * WEEKDAY", "day of week of 0 to 7"],
    ["0 8 * * FRI-MON", "an ascending range"],
    ["0 8 1 * MON", "must leave the day of month or the day of week as *"],
    ["0 8 31 FEB,APR *", "a day that exists in one of its months"],
    ["0 8 30 2 *", "a day that exists in one of its months"],
  ])("refuses %j", (text, words) => {
    const fault = faultOf(cronSchema, text);
    expect(fault).toContain(words);
    expect(fault.endsWith(`got ${JSON.stringify(text)}`), fault).toBe(true);
  });
  it("tells every bad field", () => {
    expect(faultOf(cronSchema, "60 24 * * *")).toMatch(/minute of .* hour of /);
  });
  it("accepts the 31st of months of which one has it", () => {
    expect(cronSchema.safeParse("0 8 31 FEB,MAR *").success).toBe(true);
  });
});

describe("timezone", () => {
  it.each(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Port-au-Prince", "Etc/GMT+5"])(
    "accepts %s",
    (zone) => {
      expect(timezoneSchema.parse(zone)).toBe(zone);
    },
  );
  it.each([
    ["Europe/Berln", "did you mean Europe/Berlin?"],
    ["europe/berlin", "did you mean Europe/Berlin?"],
    ["Europe/BERLIN", "did you mean Europe/Berlin?"],
    ["Mars/Olympus", "IANA time zone"],
    ["+02:00", "IANA time zone"],
    ["", "IANA time zone"],
  ])("refuses %j", (zone, words) => {
    const fault = faultOf(timezoneSchema, zone);
    expect(fault).toContain(words);
    expect(fault).toContain(`got ${JSON.stringify(zone)}`);
  });
});
