import { StaticWebsite } from "../../../modules/aws/cloudfront/static-website";
import { CERTIFICATE, site, TOPIC, ZONE } from "../../modules/aws/cloudfront/website.fixture";
import { ABSENT, type Subject, setting } from "../../support/transitions/settings";

const KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const OTHER_KEY = "arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-0000-4000-8000-0a1b2c3d4e60";
const OTHER_TOPIC = `${TOPIC}-2`;
const ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
const PAGES = { "index.html": "1", "404.html": "2" };
const FOLDERS = [site(PAGES), site({ ...PAGES, "index.html": "3", "resume.html": "4" })];

export const staticWebsite: Subject = {
  name: "StaticWebsite",
  base: () => ({ name: "dev-site", folder: FOLDERS[0] }),
  build: (scope, props) => new StaticWebsite(scope, "website", props),
  settings: [
    setting("hosts", [["example.com"], ["example.com", "www.example.com"]], { hostedZoneId: ZONE }),
    setting("certificateArn", [ABSENT, CERTIFICATE], { hosts: ["example.com"], hostedZoneId: ZONE }),
    setting("folder", [FOLDERS[0], FOLDERS[1], false]),
    setting("pages", [[], ["resume.html"]], { folder: false }),
    setting("fallback", ["spa", "notFound"]),
    setting("immutableFolders", [["_next/static"], []]),
    setting("bucket.forceDestroy", [false, true]),
    setting("bucket.noncurrentVersionDays", [90, 30]),
    setting("bucket.accessLogsBucket", [ABSENT, "logs-a", "logs-b"]),
    setting("priceClass", ["PriceClass_100", "PriceClass_200", "PriceClass_All"]),
    setting("contentSecurityPolicy", [{}, { "img-src": ["'self'"] }]),
    setting("httpsDays", [365, 30]),
    setting("connect", [[], ["https://api.example.com"]]),
    setting("accessLogs", [{}, false]),
    setting("accessLogs.retentionDays", [90, 30]),
    setting("accessLogs.forceDestroy", [false, true]),
    setting("waf", [ABSENT, {}]),
    setting("waf.rateLimit", [2000, 500]),
    setting("webAclArn", [ABSENT, ACL, `${ACL.slice(0, -1)}0`]),
    setting("errorPercent", [5, 1], { globalAlarmTopicArns: [TOPIC] }),
    setting("logRetentionDays", [30, 7, 0]),
    setting("logKmsKeyArn", [ABSENT, KEY, OTHER_KEY]),
    setting("tracing", [true, false]),
    setting("alarmTopicArns", [ABSENT, [TOPIC], [OTHER_TOPIC]]),
    setting("globalAlarmTopicArns", [ABSENT, [TOPIC], [OTHER_TOPIC]]),
  ],
  fixed: {
    name: "names what it is, which is another one under another name",
    hostedZoneId: "is the zone of the hosts, which lie in no other",
    reserved: "refuses files, and changes nothing by itself",
    "bucket.name": "names the bucket, which is another one under another name",
    "bucket.preventDestroy": "makes Terraform refuse plans, and changes nothing by itself",
    globalProvider: "is where it stands",
  },
};
