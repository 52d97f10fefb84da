/** Opens Slack's form for a new app with everything in the manifest filled in. */
export function appLink(manifest: string): string {
  return `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(JSON.parse(manifest)))}`;
}
