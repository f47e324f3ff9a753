// Waiting for a condition, with a deadline: no sleep that hopes.

import { setTimeout as pause } from "node:timers/promises";

/**
 * Asks again until the answer is truthy, and gives it. An error thrown by the question counts as "not yet".
 *
 * @param {string} what what is waited for, for the message
 * @param {() => Promise<any>} ask
 * @param {{ seconds?: number, every?: number }} options the deadline in seconds, the pause between questions in milliseconds
 */
export async function until(what, ask, { seconds = 30, every = 200 } = {}) {
  const deadline = Date.now() + seconds * 1000;
  let last = "it never came true";
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s until ${what}: ${last}`);
    await pause(every);
  }
}
