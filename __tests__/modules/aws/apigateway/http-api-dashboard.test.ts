import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { describe, expect, it } from "vitest";
import { build, TOPIC } from "./http-api.fixture";

describe("a dashboard", () => {
  it("show each route, or nothing", () => {
    const { dashboard_name, dashboard_body } = build({ alarmTopicArns: [TOPIC] }).one(CloudwatchDashboard);
    expect(dashboard_name).toBe("dev-things");
    const { widgets } = JSON.parse(dashboard_body);
    expect(widgets.map(({ type }: { type: string }) => type)).toEqual(["alarm", ...Array(6).fill("metric")]);
    const requests = widgets.find(
      ({ properties }: { properties: { title: string } }) => properties.title === "Requests by route",
    );
    expect(requests.properties.region).toBe("us-east-1");
    expect(requests.properties.metrics[0].slice(0, 2)).toEqual(["AWS/ApiGateway", "Count"]);
    expect(requests.properties.metrics.map((metric: unknown[]) => metric.slice(6, 10))).toEqual([
      ["Method", "POST", "Resource", "/things"],
      ["Method", "GET", "Resource", "/things"],
    ]);
    expect(build({ dashboard: false }).all(CloudwatchDashboard)).toEqual([]);
  });
});
