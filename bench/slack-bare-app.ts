import process from 'node:process';
import { App, LogLevel } from '@slack/bolt';

/** What the framework's own first page shows: a command that is acked and answered with one message that is always the same. */
const [apiUrl = '', token = '', appToken = ''] = process.argv.slice(2);
const app = new App({
  token,
  appToken,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: apiUrl },
});
app.command('/team', async ({ command, ack, client }) => {
  await ack();
  await client.chat.postMessage({ channel: command.channel_id, text: 'All is well.' });
});
await app.start();
