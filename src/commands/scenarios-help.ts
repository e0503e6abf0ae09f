// `agents help scenarios`: what a scenario file may hold. `agents test --schema` has all of it for editors.

export const scenariosHelp = `Scenarios: what an agent must say and do

agents test plays scenario files, *.scenario.yaml or .json. agents test init <agent> writes a first one, agents test from
<recording> one that repeats a conversation; agents test --schema prints the JSON Schema, for editors.

  name: A booking                        # default: the name of the file
  agent: clinic.yaml                     # a spec file beside this one, an id or a name
  tools: tools.yaml                      # what answers its tools: see agents help handlers
  local: script.yaml                     # how the local API speaks for it, with --local
  turns:
    - user: A check-up tomorrow, please
      expect:
        - calls: { tool: check_availability, with: { date: '{{today+1}}' } }
        - says: { any: [morning, '09:00'] }
  expect:                                # of the whole conversation
    - not_says: sorry
    - ends: properly

Turns: user (words), audio (a WAV file), dtmf (keys of a telephone), silence (seconds). With interrupt: { after: words }
or { after_ms: n } the answer is cut off. In place of turns, or after them, somebody who is played:

  user: { goal: Book a visit, persona: in a hurry, opens: Hello, most: 8, rules: [{ when: { contains: name }, say: Kim },
          { when: { called: end_call }, done: true }] }

by the rules, or by a model (--user-model). Expectations, of a turn or of the whole:

  says, not_says     text, several, or { contains, any, matches, equals }
  calls              tools in this order, others may be between: a name, or { tool, with, result, times }
                     times: 2 is exactly twice, times: { least, most } as many as that
  only_calls         just these; not_calls: none of these ("*": none at all)
  uses_result        what a tool answered is said afterwards: a name, or { tool, member: slots[0].time }; by the
                     name alone, what the call was asked with does not count
  questions, words   at most so many in an answer, or { least, most }
  seconds, silence   of an answer's sound; without any sound before and in it
  language           en, es, …
  latency            { first_word, first_audio, tool, total }: ms, or { most, p50, p95 } over all runs
  cost               at most so many US dollars
  ends               properly, or { with: end_call }
  state              what the canned tools have left
  judge              what a model is to look for (--judge-model); never the only expectation

with and result hold members that must be as here; { $matches: … }, $contains, $any, $type, $least, $most, $not and $exists
stand for values. Case does not matter, types do: "Funghi" is "funghi", 2 is not "2".

Beside these: tags, timeout (seconds), runs and pass (10 runs of which 8 must pass), retries, each (a case for each
set of parameters, filled in as {{name}}), override (model, voice, instructions, idle, today), tools: { file, state,
answers, fail, slow }, local: { script, faults }, setup and teardown (programs), stored (make the agent at the server
for the test), ends_on. scenarios: [ … ] holds several that share what stands beside it. {{today+1}} is tomorrow.
`;
