/** What a dashboard shows in one place, as CloudWatch writes it. */
export interface Widget {
  readonly type: string;
  readonly properties: object;
}

/** Widgets stand two in a row of CloudWatch's 24 columns. */
const [WIDTH, HEIGHT] = [12, 6];
/** Alarms that one widget shows at most. Source: CloudWatch API reference, "Dashboard body structure and syntax". */
const ALARMS = 100;

/** JSON of a dashboard that shows these widgets in their order. */
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

/** Widgets that show the state of these alarms; none for none. */
export const alarmWidgets = (arns: readonly string[]): Widget[] =>
  Array.from({ length: Math.ceil(arns.length / ALARMS) }, (_, i) => ({
    type: "alarm",
    properties: { title: "Alarms", alarms: arns.slice(i * ALARMS, (i + 1) * ALARMS) },
  }));
