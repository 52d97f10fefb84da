import { state } from './state.js';
import { toast } from './toast.js';

/** Asks the server for something in the name of the person one is; `undefined` if it was refused, which the person is told. */
export async function doAs(deed, details) {
  return await perform(deed, { as: state.you.name, ...details });
}

export async function perform(deed, details) {
  try {
    const response = await fetch(`/page/${deed}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(details),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    toast(answer.error);
  } catch {
    toast('The sandbox does not answer. Is npm run sandbox still running?');
  }
  return undefined;
}
