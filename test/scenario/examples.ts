// Scenario files that are right, and that are wrong: what the reader says of them, the published schema says, too.

export const good: Record<string, string> = {
  'one turn': 'turns: [{ user: Hello }]',
  'a person who is played': `
user: { goal: a table for two }
expect: { calls: book_table }
`,
  'everything a scenario may hold': `
$schema: ./scenario.schema.json
name: A clean booking
agent: clinic.json
override: { model: m, voice: v, instructions: Be brief., today: '2026-03-02' }
stored: true
tools:
  file: template:clinic
  state: { slots: null, free: { monday: [1, 2] } }
  answers: { book: [{ return: { id: '{{today+1}}' } }], other: { error: down } }
  fail: { find: the line is down }
  slow: { book: 1500.5 }
local: { script: clinic.yaml, faults: [drop@2, slow] }
tags: [smoke, v1.2, a-b]
timeout: 0.5
runs: 10
pass: 8
retries: 2
setup: [docker, ps, --format, '{{.Names}}']
teardown: [[rm, a], [rm, b]]
ends_on: [end_call, transfer]
turns:
  - user: I would like a booking
    interrupt: { after: Certainly }
    expect:
      says: [when, you]
      not_says: { matches: 'no (slots|time)' }
      calls: [{ tool: find, with: { date: { $matches: '^\\d{4}' }, slots: [{ $least: 1 }] }, times: { least: 1, most: 2 } }]
      questions: 1
  - audio: request.wav
    interrupt: { after_ms: 200 }
  - dtmf: '12#'
    expect: [{ says: one }, { says: { any: [two, three] }, words: { most: 20 } }]
  - silence: 2.5
    expect: { silence: { least: 1 } }
user:
  persona: An elderly man in a hurry
  goal: to book a check-up
  opens: Hello?
  most: 5
  rules:
    - { when: { contains: which day }, say: [Monday, On Monday] }
    - { when: { matches: 'at (\\d+)', called: find }, say: 'Yes, $1' }
    - { done: true }
expect:
  - ends: properly
  - ends: { with: end_call }
    only_calls: []
    not_calls: ['*']
  - uses_result: find
  - uses_result: { tool: find, member: 'slots[0].time' }
    language: en
    words: 40
    seconds: { least: 1, most: 1 }
    silence: 2
    cost: 0.05
    state: { bookings: [{ day: { $type: string, $not: { $contains: Sunday } } }] }
    latency: { first_word: 800, first_audio: { most: 1000, p50: 500, p95: 900 }, tool: 200, total: { p95: 3000 } }
  - says: { contains: [a, b], any: [c], matches: d, equals: e }
  - judge: Was the caller treated kindly?
  - judge: { rubric: Was it kind?, least: 0.8 }
`,
  'several scenarios with what they share': `
agent: clinic.json
tools: clinic.tools.yaml
local: clinic.yaml
tags: [clinic]
expect: { ends: properly }
setup: [make]
ends_on: hang_up
scenarios:
  - turns: [{ user: Hello }]
  - name: Another
    tags: [slow]
    user: { goal: g }
`,
  'parameters that are not text': `
name: 'Keys {{keys}}'
each:
  - { keys: 12, seconds: 2, day: '2026-03-02', most: 3, lang: en, kept: true }
  - { keys: '#', seconds: 0.5, day: '2026-03-03', most: 4, lang: es, kept: false }
override: { today: '{{day}}' }
stored: '{{kept}}'
turns:
  - dtmf: '{{keys}}'
    expect: { language: '{{lang}}', words: { most: '{{most}}' }, calls: { tool: 'press_{{keys}}', with: { '{{lang}}': '{{seconds}}' } } }
  - silence: '{{seconds}}'
`,
};

/** Text, the place of its fault, and what is said of it: faults of form, which the schema has as well. */
export const misshapen: [what: string, text: string, place: string, told: string][] = [
  ['a list', '- user: a', '1:1', 'must be an object: put the list under scenarios'],
  ['text', 'hello', '1:1', 'must be an object'],
  ['nothing that is said', 'name: a', '1:1', 'must hold turns, user or scenarios'],
  ['an unknown member', 'turns: [{ user: a }]\nrun: 2', '2:1', 'run is not known (did you mean "runs"?)'],
  ['a member every object has', 'user: { goal: a, constructor: b }', '1:18', 'user.constructor is not known'],
  [
    'an expectation every object has',
    'user: { goal: a }\nexpect: { words: 1, constructor: b }',
    '2:21',
    'expect.constructor is not known',
  ],
  ['no turns', 'turns: []', '1:1', 'turns must not be empty'],
  ['turns that are no list', 'turns: { user: a }', '1:1', 'turns must be an array, got {"user":"a"}'],
  ['a turn that is text', 'turns:\n  - Hello', '2:5', 'turns[0] must be an object, got "Hello"'],
  [
    'a turn of no kind',
    'turns:\n  - usr: a',
    '2:5',
    'turns[0] must hold user, audio, dtmf or silence (did you mean "user"?)',
  ],
  [
    'a turn of two kinds',
    'turns:\n  - user: a\n    silence: 2',
    '2:5',
    'turns[0] is one turn: make several of user and silence',
  ],
  ['a turn that says nothing', "turns:\n  - user: ''", '2:5', 'turns[0].user must not be empty'],
  ['a turn that says a number', 'turns:\n  - user: 5', '2:5', 'turns[0].user must be a string, got 5'],
  [
    'an unknown member of a turn',
    'turns:\n  - user: a\n    interupt: { after: b }',
    '3:5',
    'turns[0].interupt is not known (did you mean "interrupt"?)',
  ],
  [
    'an expectation beside expect',
    'turns:\n  - user: a\n    says: b',
    '3:5',
    'turns[0].says belongs under expect',
  ],
  [
    'an interruption of silence',
    'turns:\n  - silence: 1\n    interrupt: { after: a }',
    '3:5',
    'turns[0].interrupt is not known',
  ],
  [
    'an interruption at no moment',
    'turns:\n  - user: a\n    interrupt: {}',
    '3:5',
    'turns[0].interrupt must hold after or after_ms',
  ],
  [
    'no keys of a telephone',
    'turns: [{ dtmf: 12x }]',
    '1:11',
    'turns[0].dtmf must match /^[0-9A-D*#]+$/, got "12x"',
  ],
  ['keys that are a number', 'turns: [{ dtmf: 12 }]', '1:11', 'turns[0].dtmf must be a string, got 12'],
  ['no time of silence', 'turns: [{ silence: 0 }]', '1:11', 'turns[0].silence must be at least 0, got 0'],
  ['nothing expected', 'turns: [{ user: a, expect: {} }]', '1:20', 'turns[0].expect must not be empty'],
  ['an empty list of expectations', 'turns: [{ user: a }]\nexpect: []', '2:1', 'expect must not be empty'],
  [
    'nothing in one of several expectations',
    'turns: [{ user: a }]\nexpect:\n  - says: a\n  - {}',
    '4:5',
    'expect[1] must not be empty',
  ],
  [
    'an unknown expectation',
    'turns: [{ user: a }]\nexpect:\n  say: hello',
    '3:3',
    'expect.say is not known (did you mean "says"?)',
  ],
  [
    'expectations that are text',
    'turns: [{ user: a }]\nexpect: says hello',
    '2:1',
    'expect must be an object or an array, got "says hello"',
  ],
  [
    'words that are a number',
    'turns: [{ user: a }]\nexpect: { says: 5 }',
    '2:11',
    'expect.says must be a string, an array or an object, got 5',
  ],
  [
    'words of no kind',
    'turns: [{ user: a }]\nexpect: { says: {} }',
    '2:11',
    'expect.says must hold contains, any, matches or equals',
  ],
  [
    'words of an unknown kind',
    'turns: [{ user: a }]\nexpect: { says: { contain: b } }',
    '2:19',
    'expect.says.contain is not known (did you mean "contains"?)',
  ],
  [
    'one word of several that is none',
    "turns: [{ user: a }]\nexpect:\n  says:\n    - a\n    - ''",
    '5:7',
    'expect.says[1] must not be empty',
  ],
  [
    'a tool without a name, among several',
    "turns:\n  - user: a\n  - user: b\n    expect:\n      calls:\n        - tool: ''",
    '6:11',
    'turns[1].expect.calls[0].tool must not be empty',
  ],
  [
    'arguments without a tool',
    'turns: [{ user: a }]\nexpect: { calls: { with: { a: 1 } } }',
    '2:11',
    'expect.calls.tool is missing',
  ],
  [
    'a range of nothing',
    'turns: [{ user: a }]\nexpect: { words: {} }',
    '2:11',
    'expect.words must hold least or most',
  ],
  [
    'a range that is text',
    'turns: [{ user: a }]\nexpect: { cost: low }',
    '2:11',
    'expect.cost must be a number or an object, got "low"',
  ],
  [
    'no latency',
    'turns: [{ user: a }]\nexpect: { latency: {} }',
    '2:11',
    'expect.latency must hold first_word, first_audio, tool or total',
  ],
  [
    'a percentile nobody knows',
    'turns: [{ user: a }]\nexpect: { latency: { total: { p99: 5 } } }',
    '2:31',
    'expect.latency.total.p99 is not known (did you mean "p95"?)',
  ],
  [
    'a state of nothing',
    'turns: [{ user: a }]\nexpect: { state: {} }',
    '2:11',
    'expect.state must not be empty',
  ],
  [
    'an ending nobody knows',
    'turns: [{ user: a }]\nexpect: { ends: proper }',
    '2:11',
    'expect.ends must be "properly" or an object, got "proper"',
  ],
  [
    'a score out of bounds',
    'turns: [{ user: a }]\nexpect: { says: b, judge: { rubric: kind, least: 70 } }',
    '2:43',
    'expect.judge.least must be at most 1, got 70',
  ],
  [
    'a language by its name',
    'turns: [{ user: a }]\nexpect: { language: English }',
    '2:11',
    'expect.language must match /^[a-z]{2}$/, got "English"',
  ],
  ['a played person without a goal', 'user: { persona: a }', '1:1', 'user.goal is missing'],
  [
    'a rule of nothing',
    'user: { goal: a, rules: [{}] }',
    '1:26',
    'user.rules[0] must hold when, say or done',
  ],
  ['half a run', 'turns: [{ user: a }]\nruns: 1.5', '2:1', 'runs must be a whole number, got 1.5'],
  [
    'a tool that fails without a reason',
    'turns: [{ user: a }]\ntools: { fail: { find: true } }',
    '2:18',
    'tools.fail.find must be a string, got true',
  ],
  [
    'a tag of two words',
    'turns: [{ user: a }]\ntags: [a b]',
    '2:8',
    'tags[0] must match /^[\\w.-]+$/, got "a b"',
  ],
  [
    'a program that is one text',
    'turns: [{ user: a }]\nsetup: make it',
    '2:1',
    'setup must be an array, got "make it"',
  ],
  [
    'a day that is none',
    'turns: [{ user: a }]\noverride: { today: monday }',
    '2:13',
    'override.today must match /^\\d{4}-\\d{2}-\\d{2}$/, got "monday"',
  ],
  ['no parameters', 'each: []\nturns: [{ user: a }]', '1:1', 'each must not be empty'],
  [
    'a parameter that is a list',
    'each: [{ a: [1] }]\nturns: [{ user: a }]',
    '1:10',
    'each[0].a must be a string, a number or a boolean, got [1]',
  ],
  ['no scenarios', 'agent: a\nscenarios: []', '2:1', 'scenarios must not be empty'],
  ['scenarios by name', 'scenarios: { a: { turns: [] } }', '1:1', 'scenarios must be an array'],
  ['a scenario that is text', 'scenarios:\n  - a', '2:5', 'scenarios[0] must be an object'],
  [
    'turns beside scenarios',
    'scenarios: [{ user: { goal: a } }]\nturns: [{ user: a }]',
    '2:1',
    'turns belongs to one of the scenarios',
  ],
  [
    'a member of one of several',
    'scenarios:\n  - name: a\n    user: { goal: b, moods: c }',
    '3:22',
    'scenarios[0].user.moods is not known',
  ],
];
