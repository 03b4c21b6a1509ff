import { defineEnvironment, type Environment, type EnvironmentSettings } from "../../../stacks/environment";

const CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef";
const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mine-Ab12Cd";

const environment = (name: string, fossa: EnvironmentSettings["fossa"]): Environment =>
  defineEnvironment({ name, region: "eu-west-1", fossa });

/** Ways in which a farm is used that neither dev nor prod shows. */
export const fossaConfigurations = {
  /** Nothing leads to the internet: AWS by endpoints, people by VPN to a page with private addresses. */
  closed: environment("closed", {
    egress: "vpc-endpoints",
    gateway: {
      page: "container",
      tls: { certificateArn: CERTIFICATE },
      allowedCidrs: ["192.168.0.0/16"],
      vpn: {
        clientCidr: "10.12.0.0/22",
        serverCertificateArn: CERTIFICATE,
        rootCertificateChainArn: CERTIFICATE,
        selfServicePortal: false,
      },
    },
    cluster: { broker: { kind: "amazonMq", engineVersion: "3.13", hostInstanceType: "mq.m5.large" } },
  }),
  /** One machine does everything, and the workers come and go. */
  workshop: environment("workshop", {
    gateway: {
      imageBuild: "gateway",
      tls: { domainName: "workshop.example.com", hostedZoneId: "Z0123456789EXAMPLE", internal: false },
      allowedCidrs: ["203.0.113.0/24"],
      alarms: true,
    },
    cluster: {
      workers: {
        desiredCount: 2,
        spot: { base: 1 },
        autoscaling: { min: 2, max: 8, cpuPercent: 60, scaleIn: true },
        externalLog: true,
        executeCommand: true,
        ephemeralStorageGib: 40,
        permissions: [{ Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }],
      },
      containerInsights: "enabled",
      dashboard: true,
    },
  }),
  /** In a network and with an image that exist already, and nobody looks. */
  guest: environment("guest", {
    existingNetwork: {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      vpcCidrBlocks: ["10.20.0.0/16"],
      publicSubnetIds: ["subnet-0a1b2c3d4e5f60718"],
      privateSubnetIds: ["subnet-0b1b2c3d4e5f60718"],
      privateSubnetCidrBlocks: ["10.20.1.0/24"],
      privateRouteTableIds: ["rtb-0a1b2c3d4e5f60718"],
    },
    gateway: {
      page: "none",
      imageBuild: "prebuilt",
      image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/farm:1.4.2",
      keyName: "operators",
    },
    cluster: { workers: { secrets: { API_TOKEN: SECRET } } },
  }),
};
