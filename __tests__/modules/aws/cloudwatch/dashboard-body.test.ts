import { expect, it } from "vitest";
import { alarmWidgets, dashboardBody } from "../../../../modules/aws/cloudwatch/dashboard-body";

it("places widgets two in a row, in their order", () => {
  const widgets = ["a", "b", "c"].map((title) => ({ type: "metric", properties: { title } }));
  expect(JSON.parse(dashboardBody(widgets))).toEqual({
    widgets: [
      { x: 0, y: 0, width: 12, height: 6, type: "metric", properties: { title: "a" } },
      { x: 12, y: 0, width: 12, height: 6, type: "metric", properties: { title: "b" } },
      { x: 0, y: 6, width: 12, height: 6, type: "metric", properties: { title: "c" } },
    ],
  });
});
it.each([
  [0, []],
  [1, [1]],
  [100, [100]],
  [101, [100, 1]],
])("shows %i alarms in widgets of 100 at most", (count, expected) => {
  const arns = Array.from({ length: count }, (_, i) => `alarm-${i}`);
  const widgets = alarmWidgets(arns) as { type: string; properties: { title: string; alarms: string[] } }[];
  expect(widgets.map(({ properties }) => properties.alarms.length)).toEqual(expected);
  expect(widgets.flatMap(({ properties }) => properties.alarms)).toEqual(arns);
  for (const { type, properties } of widgets) expect([type, properties.title]).toEqual(["alarm", "Alarms"]);
});
