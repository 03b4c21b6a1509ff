/** Widget of a dashboard, in CloudWatch's format. */
export interface Widget {
  readonly type: string;
  readonly properties: object;
}

/** Two widgets per row of CloudWatch's 24 columns. */
const [WIDTH, HEIGHT] = [12, 6];
/** Maximum number of alarms per widget. Source: CloudWatch API reference, "Dashboard body structure and syntax". */
const ALARMS = 100;

/** JSON of a dashboard with these widgets, in order. */
export const dashboardBody = (widgets: readonly Widget[]): string =>
  JSON.stringify({
    widgets: widgets.map((widget, i) => ({
      x: (i % 2) * WIDTH,
      y: Math.floor(i / 2) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      ...widget,
    })),
  });

/** Widgets with the state of these alarms. */
export const alarmWidgets = (arns: readonly string[]): Widget[] =>
  Array.from({ length: Math.ceil(arns.length / ALARMS) }, (_, i) => ({
    type: "alarm",
    properties: { title: "Alarms", alarms: arns.slice(i * ALARMS, (i + 1) * ALARMS) },
  }));
