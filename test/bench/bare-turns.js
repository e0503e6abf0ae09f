// The conversations of a suite by the least a client can be, so many at a time; ends with 1 when an answer was wrong.
// node bare-turns.js <ws url> <conversations> <turns each> <at a time>

import { converse } from './bare-conversation.js';
import { answerOf, lineOf } from './suite.js';

const [address, conversations, turns, workers] = process.argv.slice(2);
let next = 0;
let right = 0;

async function work() {
  while (next < conversations) {
    const number = next++;
    const each = Array.from({ length: Number(turns) }, (_, turn) => turn);
    const answers = await converse(
      address,
      each.map((turn) => lineOf(number, turn)),
    );
    right += each.filter((turn) => answers[turn] === answerOf(number, turn)).length;
  }
}

await Promise.all(Array.from({ length: Number(workers) }, work));
process.exitCode = right === conversations * turns ? 0 : 1;
