import { startChannels } from './channels.js';
import { startComposer } from './composer.js';
import { startDialogs } from './dialogs.js';
import { startFeed } from './feed.js';
import { startHost } from './host.js';
import { startKeys } from './keys.js';
import { startMessages } from './messages.js';
import { startPeople } from './people.js';
import { startThread } from './thread.js';
import { startWelcome } from './welcome.js';

for (const start of [
  startChannels,
  startPeople,
  startMessages,
  startThread,
  startComposer,
  startWelcome,
  startHost,
  startDialogs,
  startKeys,
  startFeed,
])
  start();
