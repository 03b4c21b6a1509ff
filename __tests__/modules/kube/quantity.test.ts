import { expect, it } from "vitest";
import { bytes, bytesSchema, cores, cpuSchema } from "../../../modules/kube/quantity";

it.each([
  ["2", 2],
  ["0.5", 0.5],
  ["250m", 0.25],
  ["999999", 999999],
])("reads %s cores", (text, value) => {
  expect(cpuSchema.parse(text)).toBe(text);
  expect(cores(text)).toBe(value);
});
it.each([
  ["1Ki", 1024],
  ["512Mi", 536870912],
  ["1.5Gi", 1610612736],
  ["2Ti", 2199023255552],
  ["1Pi", 1125899906842624],
])("reads %s", (text, value) => {
  expect(bytesSchema.parse(text)).toBe(text);
  expect(bytes(text)).toBe(value);
});
it.each(["", "0", "0m", "0.0", "-1", "1.2345", "m", "1Gi", "2 ", "1e3"])("refuses %j as CPU", (text) => {
  expect(cpuSchema.safeParse(text).success).toBe(false);
});
it.each(["", "0Gi", "1", "1G", "Gi", "-1Gi", "1 Gi", "1gi", "250m"])("refuses %j as memory", (text) => {
  expect(bytesSchema.safeParse(text).success).toBe(false);
});
