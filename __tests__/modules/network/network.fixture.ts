import { Network, type NetworkProps } from "../../../modules/network/network";
import { type Json, synth } from "../../support/synth";

/** Synthesizes a network with these settings and gives the construct along with the JSON. */
export function build(props: Partial<NetworkProps> = {}) {
  const made: Network[] = [];
  const result = synth((stack) => made.push(new Network(stack, "network", { name: "ml-net", ...props })));
  return { ...result, network: made[0] as Network };
}

/** Name in the JSON of the resource that a reference points to. */
export const target = (reference: string): string => {
  const [, name] = /^\$\{[\w]+\.([\w-]+)\.\w+\}$/.exec(reference) ?? [];
  if (!name) throw new Error(`no plain reference: ${reference}`);
  return name;
};

/** Subnets of a tier in the order of their index. */
export const subnetsOf = (subnets: Record<string, Json>, tier: string): Json[] =>
  Object.entries(subnets)
    .filter(([id]) => id.startsWith(`network_${tier}_subnet-`))
    .sort(([a], [b]) => Number(/subnet-(\d+)/.exec(a)?.[1]) - Number(/subnet-(\d+)/.exec(b)?.[1]))
    .map(([, subnet]) => subnet);

/** The data source that gives an endpoint the name of its service. */
export const serviceOf = ({ parsed }: { parsed: Json }, endpoint: { service_name: string }): Json => {
  const [, id = ""] =
    /^\$\{data\.aws_vpc_endpoint_service\.([\w-]+)\.service_name\}$/.exec(endpoint.service_name) ?? [];
  return parsed.data.aws_vpc_endpoint_service[id];
};
