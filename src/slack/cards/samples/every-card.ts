import { questionCards } from './confirmation-cards.ts';
import { operationCards } from './operation-cards.ts';
import type { SampleCards } from './sample-card.ts';
import { statusCards } from './status-cards.ts';
import { killAlertCards, replyCards } from './told-cards.ts';
import { watchCards } from './watch-cards.ts';

/** Every card in every state a person may meet it in. */
export function everyCard(): SampleCards {
  return {
    ...statusCards(),
    ...questionCards(),
    ...operationCards(),
    ...killAlertCards(),
    ...replyCards(),
    ...watchCards(),
  };
}
