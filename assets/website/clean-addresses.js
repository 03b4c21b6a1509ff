// CloudFront Function at viewer requests, JavaScript runtime 2.0: serves /page.html as /page, and /folder/index.html as
// /folder. SITE comes before this text, by modules/aws/cloudfront/clean-addresses.ts:
//   pages     object by address, /page or /folder: 1 for its .html file, 2 for its folder's index.html, 3 for a file of that name
//   index     address of the page in place of unknown ones, or "" where these are not found
//   main      host of the site, or ""
//   others    object whose keys are hosts that redirect to main

// What an address has that is looked up or sent back; not backslashes, control characters, or any of these encoded.
const PLAIN = /^\/(?:[\w\-.~!$&'()*+,;=:@/]|%(?:[34689a-f][0-9a-f]|2[0-9a-d]|5[0-9abdef]|7[0-9a-e]))*$/i;
const DOTS = /(?:^|\/)\.{1,2}(?:\/|$)/;
const PRINTED = /^[!-~]*$/;

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it
function handler(event) {
  const request = event.request;
  const address = request.uri;
  const plain = PLAIN.test(address) && !DOTS.test(address);
  const host = request.headers.host ? request.headers.host.value.toLowerCase() : "";
  const path = plain ? tidy(address) : "/";

  if (SITE.others[host] === 1) {
    return redirect(`https://${SITE.main}${path}`, request.querystring);
  }
  if (plain && path !== address) return redirect(path, request.querystring);

  const name = path.slice(path.lastIndexOf("/") + 1);
  if (plain && SITE.pages[path] === 1) request.uri = `${path}.html`;
  else if (plain && SITE.pages[path] === 2) request.uri = `${path}/index.html`;
  else if (plain && SITE.pages[path] === 3) request.uri = path;
  else if (address === "/") request.uri = "/index.html";
  else if (SITE.index !== "" && (!plain || name.indexOf(".") < 0)) request.uri = SITE.index;
  return request;
}

// One slash where there are several, so that the first part of a path is never taken for a host; none at the end.
function tidy(address) {
  const single = address.replace(/\/{2,}/g, "/");
  return single.length > 1 && single.endsWith("/") ? single.slice(0, -1) : single;
}

function redirect(location, querystring) {
  const pairs = [];
  for (const key in querystring) {
    const given = querystring[key];
    (given.multiValue || [given]).forEach((one) => {
      pairs.push(one.value === "" ? key : `${key}=${one.value}`);
    });
  }
  const query = pairs.join("&");
  return {
    statusCode: 301,
    statusDescription: "Moved Permanently",
    headers: {
      location: { value: query !== "" && PRINTED.test(query) ? `${location}?${query}` : location },
      "cache-control": { value: "max-age=3600" },
    },
  };
}
