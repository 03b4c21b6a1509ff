import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import { alarmWidgets, dashboardBody } from "../cloudwatch/dashboard-body";
import type { HttpApiSettings } from "./http-api-settings";
import { type HttpRoute, STAGE } from "./http-route";

export interface HttpApiDashboardProps {
  settings: HttpApiSettings;
  apiId: string;
  routes: readonly HttpRoute[];
  alarmArns: readonly string[];
}

const PERIOD = 300;
/** Source: CloudWatch API reference, "Dashboard body structure and syntax": a graph has at most 500 metrics. */
const LINES = 500;

/** CloudWatch dashboard of an API: requests, errors and times of the whole, and of each route. */
export class HttpApiDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, { settings, apiId, routes, alarmArns }: HttpApiDashboardProps) {
    super(scope, id);
    const graph = (title: string, metrics: object[], label: string) => ({
      type: "metric",
      properties: {
        title,
        region: settings.region,
        view: "timeSeries",
        period: PERIOD,
        metrics: metrics.slice(0, LINES),
        yAxis: { left: { min: 0, label, showUnits: false } },
      },
    });
    const whole = ["ApiId", apiId, "Stage", STAGE];
    const api = (metric: string, stat: string, label: string) => ["AWS/ApiGateway", metric, ...whole, { stat, label }];
    const perRoute = (metric: string, stat: string) =>
      routes.map(({ routeKey }) => {
        const [method = "", path = ""] = routeKey.split(" ");
        return ["AWS/ApiGateway", metric, ...whole, "Method", method, "Resource", path, { stat, label: routeKey }];
      });
    const perFunction = (metric: string, stat: string) =>
      routes.map((route) => [
        "AWS/Lambda",
        metric,
        "FunctionName",
        route.function.functionName,
        { stat, label: route.routeKey },
      ]);
    const widgets = [
      ...alarmWidgets(alarmArns),
      graph(
        "Requests",
        [api("Count", "Sum", "All"), api("4xx", "Sum", "Refused (4xx)"), api("5xx", "Sum", "Failed (5xx)")],
        "Requests",
      ),
      graph(
        "Time of an answer",
        [
          api("Latency", "p50", "Half of them"),
          api("Latency", "p99", "99 of 100"),
          api("IntegrationLatency", "p99", "99 of 100, of the functions alone"),
        ],
        "Milliseconds",
      ),
      graph("Requests by route", perRoute("Count", "Sum"), "Requests"),
      graph("Failures by route", perRoute("5xx", "Sum"), "Requests"),
      graph("Time by route, 99 of 100", perRoute("Latency", "p99"), "Milliseconds"),
      graph("Calls of functions that were throttled", perFunction("Throttles", "Sum"), "Calls"),
    ];
    this.dashboardName = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: settings.name,
      dashboardBody: dashboardBody(widgets),
    }).dashboardName;
  }
}
