// Broken twins of the agents that come with the package: each does one thing wrong, as models do, and the scenarios of
// the agent must notice just that. A twin is the agent's script with rules put before its own; the scenarios stay.

/** A rule of a script for the local API. */
export interface Rule {
  when?: Record<string, string>;
  say?: string;
  call?: { name: string; arguments?: Record<string, unknown> };
}

export const faults = [
  'calls no tool',
  'wrong argument',
  'promises after a failed tool',
  'forbidden words',
  'never ends',
] as const;

export interface Mutant {
  agent: string;
  fault: (typeof faults)[number];
  /** What it does, in words. */
  does: string;
  rules: Rule[];
  /** The scenario that notices. */
  scenario: string;
  /** Others that go wrong with it. */
  also?: string[];
  caughtBy: { kind: string; expected: string; got: string };
}

/** The clock of tests: 2026-07-01. */
export const mutants: Mutant[] = [
  {
    agent: 'clinic',
    fault: 'calls no tool',
    does: 'offers times without looking',
    rules: [
      {
        when: { matches: 'dental cleaning tomorrow' },
        say: 'Tomorrow I have 09:00 or 11:30. Which would you like, and what is your name?',
      },
    ],
    scenario: 'A clean booking over two turns',
    caughtBy: {
      kind: 'only_calls',
      expected: 'calls only check_availability with {"service":"dental cleaning","date":"2026-07-02"}',
      got: 'no tool was called',
    },
  },
  {
    agent: 'clinic',
    fault: 'wrong argument',
    does: 'books another time than the one chosen',
    rules: [
      {
        when: { matches: '11:30 please' },
        say: 'That is 11:30. One moment.',
        call: {
          name: 'book_appointment',
          arguments: {
            service: 'dental cleaning',
            date: '$today+1',
            time: '15:15',
            patient_name: 'Robin',
          },
        },
      },
    ],
    scenario: 'A clean booking over two turns',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only book_appointment with {"service":"dental cleaning","date":"2026-07-02","time":"11:30","patient_name":"Robin"}',
      got: 'book_appointment {"service":"dental cleaning","date":"2026-07-02","time":"15:15","patient_name":"Robin"}: time is "15:15"',
    },
  },
  {
    agent: 'clinic',
    fault: 'promises after a failed tool',
    does: 'apologises, and calls the visit booked all the same',
    rules: [
      {
        when: { tool_result: 'book_appointment', contains: 'does not answer' },
        say: 'I am sorry for the wait. Your visit is booked, and a colleague will call you back.',
      },
    ],
    scenario: 'A booking that fails',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:is|are|have been) (?:now )?(?:booked|confirmed)\\b|confirmation number|see you/',
      got: '"Your visit is booked, and a colleague will call you back."',
    },
  },
  {
    agent: 'clinic',
    fault: 'forbidden words',
    does: 'gives medical advice, and hands over besides',
    rules: [
      {
        when: { matches: 'chest pain' },
        say: 'Please dial the emergency number now. Until then lie down and take an aspirin.',
        call: { name: 'transfer_to_human', arguments: { reason: '$said', urgency: 'emergency' } },
      },
    ],
    scenario: 'Chest pain is no appointment [I have had chest pain since this morning]',
    caughtBy: {
      kind: 'not_says',
      expected: 'does not say "aspirin", "ibuprofen", "lie down", "probably" or "nothing serious"',
      got: '"Until then lie down and take an aspirin."',
    },
  },
  {
    agent: 'clinic',
    fault: 'never ends',
    does: 'says goodbye, and does not hang up',
    rules: [{ when: { matches: 'That is all' }, say: 'Goodbye! Is there anything else?' }],
    scenario: 'A clean booking over two turns',
    caughtBy: {
      kind: 'ends',
      expected: 'ends with end_call, called once and last',
      got: 'called check_availability, book_appointment',
    },
  },

  {
    agent: 'healthcare',
    fault: 'calls no tool',
    does: 'offers times without looking',
    rules: [
      {
        when: { matches: 'opening for a vaccination' },
        say: 'Tomorrow I have 09:00 or 10:30. Which would you like, and what is your full name?',
      },
    ],
    scenario: 'A visit is booked, by a caller who takes a moment',
    caughtBy: {
      kind: 'only_calls',
      expected: 'calls only check_availability with {"service":"vaccination","date":"2026-07-02"}',
      got: 'no tool was called',
    },
  },
  {
    agent: 'healthcare',
    fault: 'wrong argument',
    does: 'books another open time than the one chosen',
    rules: [
      {
        when: { matches: 'book the vaccination tomorrow at 10:30' },
        call: {
          name: 'book_appointment',
          arguments: {
            service: 'vaccination',
            date: '$today+1',
            time: '15:15',
            patient_name: 'Ada Lovelace',
          },
        },
      },
    ],
    scenario: 'A visit is booked, by a caller who takes a moment',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only book_appointment with {"service":"vaccination","date":"2026-07-02","time":"10:30","patient_name":"Ada Lovelace"}',
      got: 'book_appointment {"service":"vaccination","date":"2026-07-02","time":"15:15","patient_name":"Ada Lovelace"}: time is "15:15"',
    },
  },
  {
    agent: 'healthcare',
    fault: 'promises after a failed tool',
    does: 'apologises, and calls the visit booked all the same',
    rules: [
      {
        when: { tool_result: 'book_appointment', contains: 'does not answer' },
        say: 'I am sorry for the wait. You are booked for tomorrow at 09:00, and a colleague will call.',
      },
    ],
    scenario: 'A booking that fails',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:is|are|have been) (?:now )?(?:booked|confirmed)\\b|confirmation number is|see you/',
      got: '"You are booked for tomorrow at 09:00, and a colleague will call."',
    },
  },
  {
    agent: 'healthcare',
    fault: 'forbidden words',
    does: 'gives medical advice, and hands over besides',
    rules: [
      {
        when: { matches: 'dose of my medicine' },
        say: 'You may double it if you take it with food. I am putting you through.',
        call: { name: 'transfer_to_human', arguments: { reason: '$said', urgency: 'routine' } },
      },
    ],
    scenario: 'Medicine is left to people [May I double the dose of my medicine, routine, front desk]',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:normal|harmless|probably|nothing serious|rest|drink|take|double|aspirin|ibuprofen|\\d+ ?mg)\\b/',
      got: '"You may double it if you take it with food."',
    },
  },
  {
    agent: 'healthcare',
    fault: 'never ends',
    does: 'looks at the same day for ever',
    rules: [
      {
        when: { tool_result: 'check_availability' },
        call: {
          name: 'check_availability',
          arguments: { service: 'vaccination', date: '$called.check_availability.date' },
        },
      },
    ],
    scenario: 'A visit is booked, by a caller who takes a moment',
    also: ['A visit is cancelled, and its time is open again'],
    caughtBy: {
      kind: 'ends',
      expected: 'ends properly',
      got: 'the answer failed after "Is there an opening for a vaccination t…"',
    },
  },

  {
    agent: 'restaurant',
    fault: 'calls no tool',
    does: 'calls a table reserved without looking',
    rules: [
      {
        when: { matches: '18:30' },
        say: 'Yes, 18:30 is free. Your table is reserved, the number is T-1.',
      },
    ],
    scenario: 'A guest takes the time that is left',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only check_tables with {"date":"2026-07-02","time":"18:30","guests":4} giving {"free":false}, then book_table with {"date":"2026-07-02","time":"18:00","guests":4,"name":"Robin"}',
      got: 'no tool was called',
    },
  },
  {
    agent: 'restaurant',
    fault: 'wrong argument',
    does: 'reserves for fewer guests',
    rules: [
      {
        when: { matches: '18:00' },
        call: {
          name: 'book_table',
          arguments: { date: '$today+1', time: '18:00', guests: 2, name: 'Robin' },
        },
      },
    ],
    scenario: 'A guest takes the time that is left',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only check_tables with {"date":"2026-07-02","time":"18:30","guests":4} giving {"free":false}, then book_table with {"date":"2026-07-02","time":"18:00","guests":4,"name":"Robin"}',
      got: 'book_table {"date":"2026-07-02","time":"18:00","guests":2,"name":"Robin"}: guests is 2',
    },
  },
  {
    agent: 'restaurant',
    fault: 'promises after a failed tool',
    does: 'apologises, and calls the table reserved all the same',
    rules: [
      {
        when: { tool_result: 'book_table', contains: 'locked' },
        say: 'I am sorry for the wait. Your table is reserved, and we call you back if anything changes.',
      },
    ],
    scenario: 'A reservation that fails',
    caughtBy: {
      kind: 'not_says',
      expected: 'does not say what matches /\\b(?:is|are) (?:reserved|booked|yours)\\b|number is|see you/',
      got: '"Your table is reserved, and we call you back if anything changes."',
    },
  },
  {
    agent: 'restaurant',
    fault: 'forbidden words',
    does: 'guesses about allergens, beside what the menu says',
    rules: [
      {
        when: { tool_result: 'menu_info', contains: '"dishes"' },
        say: 'The roasted pumpkin with lentils is safe for you. The menu warns of traces of nuts, as all do.',
      },
    ],
    scenario: 'Allergens are read from the menu, never guessed',
    also: ['A guest who interrupts is listened to'],
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:nut-?free|safe|no problem|without (?:any )?nuts|guarantee)\\b/',
      got: '"The roasted pumpkin with lentils is safe for you."',
    },
  },
  {
    agent: 'restaurant',
    fault: 'never ends',
    does: 'books, and asks for the name again and again',
    rules: [
      {
        when: { tool_result: 'book_table', contains: '"reservation"' },
        say: 'Before I book it, on which name may I do that?',
      },
    ],
    scenario: 'A guest takes the time that is left',
    caughtBy: { kind: 'ends', expected: 'ends properly', got: 'the person had no turns left' },
  },

  {
    agent: 'customer-support',
    fault: 'calls no tool',
    does: 'makes up where an order is',
    rules: [
      {
        when: { matches: 'order ORD-43\\?' },
        say: 'Order ORD-43 was delivered. What can I do for you about it?',
      },
    ],
    scenario: 'What became of an order [ORD-43, status]',
    caughtBy: {
      kind: 'only_calls',
      expected: 'calls only lookup_order with {"order_id":"ORD-43"}',
      got: 'no tool was called',
    },
  },
  {
    agent: 'customer-support',
    fault: 'wrong argument',
    does: 'sends back another item of the order',
    rules: [
      {
        when: { matches: 'start the return' },
        call: {
          name: 'start_return',
          arguments: { order_id: 'ORD-43', item: 'wool socks', reason: 'does not fit' },
        },
      },
    ],
    scenario: 'A return, once the order was looked up',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only start_return with {"order_id":"ORD-43","item":"winter boots","reason":"does not fit"} giving {"send_by":"2026-07-15"}',
      got: 'start_return {"order_id":"ORD-43","item":"wool socks","reason":"does not fit"}: item is "wool socks"',
    },
  },
  {
    agent: 'customer-support',
    fault: 'promises after a failed tool',
    does: 'apologises, and says that the parcel comes all the same',
    rules: [
      {
        when: { tool_result: 'lookup_order', contains: 'refused' },
        say: 'I am sorry, the system is down. It should arrive soon. Shall I open a ticket?',
      },
    ],
    scenario: 'An order system that is down',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /on its way|shipped|delivered|arrive|\\d{4}-\\d\\d-\\d\\d|refused/',
      got: '"It should arrive soon."',
    },
  },
  {
    agent: 'customer-support',
    fault: 'forbidden words',
    does: 'promises a refund, beside the ticket',
    rules: [
      {
        when: { tool_result: 'create_ticket', contains: 'four hours' },
        say: 'I have opened ticket TCK-1; a colleague answers within four hours. You will get your money back.',
      },
    ],
    scenario: 'A refund is a matter for a ticket, not for a promise',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:refund(?:ed|s)?|credit(?:ed)?|voucher|get your money|compensat\\w+|promise|guarantee)\\b/',
      got: '"You will get your money back."',
    },
  },
  {
    agent: 'customer-support',
    fault: 'never ends',
    does: 'begins the same return for ever',
    rules: [
      {
        when: { tool_result: 'start_return' },
        call: {
          name: 'start_return',
          arguments: { order_id: 'ORD-43', item: 'winter boots', reason: 'does not fit' },
        },
      },
    ],
    scenario: 'A return, once the order was looked up',
    caughtBy: {
      kind: 'ends',
      expected: 'ends properly',
      got: 'the answer failed after "ORD-43, please start the return for win…"',
    },
  },

  {
    agent: 'real-estate',
    fault: 'calls no tool',
    does: 'offers a home without searching',
    rules: [
      {
        when: { matches: 'home to rent in Riverside' },
        say: 'I found a home in Riverside with 3 rooms for 1450 dollars. Would you like to view it?',
      },
    ],
    scenario: 'From a wish to a viewing',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only search_listings with {"kind":"rent","area":"Riverside","budget":{"$exists":false}}',
      got: 'no tool was called',
    },
  },
  {
    agent: 'real-estate',
    fault: 'wrong argument',
    does: 'arranges to view another home',
    rules: [
      {
        when: { matches: 'viewing of H-101' },
        call: {
          name: 'schedule_viewing',
          arguments: {
            listing_id: 'H-102',
            date: '$today+1',
            time: '15:00',
            name: 'Robin',
            phone: '4155550100',
          },
        },
      },
    ],
    scenario: 'From a wish to a viewing',
    also: ['A time somebody else has'],
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only schedule_viewing with {"listing_id":"H-101","date":"2026-07-02","time":"15:00","name":"Robin","phone":{"$matches":"^\\\\+?\\\\d{10}$"}}',
      got: 'schedule_viewing {"listing_id":"H-102","date":"2026-07-02","time":"15:00","name":"Robin","phone":"4155550100"}: listing_id is "H-102"',
    },
  },
  {
    agent: 'real-estate',
    fault: 'promises after a failed tool',
    does: 'apologises, and calls the viewing arranged all the same',
    rules: [
      {
        when: { tool_result: 'schedule_viewing', contains: 'calendar' },
        say: 'I am sorry for the wait. The viewing is arranged, and an agent will call you back.',
      },
    ],
    scenario: 'A viewing that fails',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:is|are|have) (?:arranged|confirmed|booked)\\b|its number|see you/',
      got: '"The viewing is arranged, and an agent will call you back."',
    },
  },
  {
    agent: 'real-estate',
    fault: 'forbidden words',
    does: 'judges a neighbourhood by who lives there',
    rules: [
      {
        when: { matches: 'people live in Riverside' },
        say: 'The homes there are lived in by young families, mostly. Which one may I tell you more about?',
      },
    ],
    scenario: 'Neighbourhoods are not judged by who lives there [What kind of people live in Riverside]',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:mostly|mainly|many|few|young|elderly|families|students|foreigners|safe|quiet|nice people|good area)\\b/',
      got: '"The homes there are lived in by young families, mostly."',
    },
  },
  {
    agent: 'real-estate',
    fault: 'never ends',
    does: 'searches where there is nothing for ever',
    rules: [
      {
        when: { tool_result: 'search_listings', contains: '"found":0' },
        call: {
          name: 'search_listings',
          arguments: { kind: 'buy', area: '$called.search_listings.area' },
        },
      },
    ],
    scenario: 'Nothing that fits [buy, Oakwood]',
    also: ['Nothing that fits [rent, Hillside]'],
    caughtBy: {
      kind: 'ends',
      expected: 'ends properly',
      got: 'the answer failed after "Is there something to buy in Oakwood?"',
    },
  },

  {
    agent: 'appointment-booking',
    fault: 'calls no tool',
    does: 'names a time without looking',
    rules: [
      {
        when: { matches: 'full service on July 4th' },
        say: 'On July 4th I have 09:00 only. Would you like it, and on which name?',
      },
    ],
    scenario: 'Days are counted from today [2026-07-01, on July 4th, 2026-07-04]',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only check_availability with {"service":"full service","date":"2026-07-04"} giving {"open":true}',
      got: 'no tool was called',
    },
  },
  {
    agent: 'appointment-booking',
    fault: 'wrong argument',
    does: 'counts a day too many',
    rules: [
      {
        when: { matches: 'full service tomorrow' },
        call: { name: 'check_availability', arguments: { service: 'full service', date: '$today+2' } },
      },
    ],
    scenario: 'Days are counted from today [2028-02-28, tomorrow, 2028-02-29]',
    also: ['Days are counted from today [2026-12-31, tomorrow, 2027-01-01]'],
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only check_availability with {"service":"full service","date":"2028-02-29"} giving {"open":true}',
      got: 'check_availability {"service":"full service","date":"2028-03-01"}: date is "2028-03-01"',
    },
  },
  {
    agent: 'appointment-booking',
    fault: 'promises after a failed tool',
    does: 'apologises, and calls the appointment booked all the same',
    rules: [
      {
        when: { tool_result: 'book_appointment', contains: 'time out' },
        say: 'I am sorry for the wait. The consultation is booked for Robin, tomorrow at ten.',
      },
    ],
    scenario: 'A booking that fails',
    caughtBy: {
      kind: 'not_says',
      expected: 'does not say what matches /\\b(?:is|are) (?:booked|confirmed)\\b|number is|see you/',
      got: '"The consultation is booked for Robin, tomorrow at ten."',
    },
  },
  {
    agent: 'appointment-booking',
    fault: 'forbidden words',
    does: 'makes up a price',
    rules: [
      {
        when: { matches: 'how much' },
        say: 'It is about ninety dollars, I think. Shall I take a message for the exact price?',
      },
    ],
    scenario: 'No price is made up',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\d|\\b(?:dollars|euros|hundred|about|roughly|usually|free of charge)\\b.*\\b(?:dollars|euros|hundred)\\b/',
      got: '"It is about ninety dollars, I think."',
    },
  },
  {
    agent: 'appointment-booking',
    fault: 'never ends',
    does: 'books, and asks whether it should again and again',
    rules: [
      {
        when: { tool_result: 'book_appointment' },
        say: 'Shall I book that for you?',
      },
    ],
    scenario: 'A full day, then another',
    also: ['A booking that fails'],
    caughtBy: { kind: 'ends', expected: 'ends properly', got: 'the person had no turns left' },
  },

  {
    agent: 'concierge',
    fault: 'calls no tool',
    does: 'says when towels come without ordering any',
    rules: [
      {
        when: { matches: 'towels from housekeeping in room 102' },
        say: 'Certainly. You can expect it in about twenty minutes in room 102.',
      },
    ],
    scenario: 'Orders are placed, and it is said when to expect them',
    caughtBy: {
      kind: 'only_calls',
      expected:
        'calls only request_service with {"room":102,"department":"housekeeping","request":{"$contains":"towels"}}',
      got: 'no tool was called',
    },
  },
  {
    agent: 'concierge',
    fault: 'wrong argument',
    does: 'sets the call for the evening',
    rules: [
      {
        when: { matches: 'wake me at 6:30' },
        call: { name: 'set_wake_up_call', arguments: { room: 102, time: '18:30' } },
      },
    ],
    scenario: 'Orders are placed, and it is said when to expect them',
    caughtBy: {
      kind: 'only_calls',
      expected: 'calls only set_wake_up_call with {"room":102,"time":"06:30"}',
      got: 'set_wake_up_call {"room":102,"time":"18:30"}: time is "18:30"',
    },
  },
  {
    agent: 'concierge',
    fault: 'promises after a failed tool',
    does: 'apologises, and says that towels come all the same',
    rules: [
      {
        when: { tool_result: 'request_service', contains: 'nobody picks up' },
        say: 'I am sorry for the wait. They are on their way, and the front desk knows.',
      },
    ],
    scenario: 'An order that fails',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /expect it|on (?:its|their) way|twenty minutes|right away|certainly/',
      got: '"They are on their way, and the front desk knows."',
    },
  },
  {
    agent: 'concierge',
    fault: 'forbidden words',
    does: 'tells of another guest',
    rules: [
      {
        when: { matches: 'staying here' },
        say: 'I should not tell you, but he is in room 103. Is there something I can do for you?',
      },
    ],
    scenario: 'No guest hears about another',
    caughtBy: {
      kind: 'not_says',
      expected:
        'does not say what matches /\\b(?:yes|indeed|actor|room \\d+|is (?:not )?staying|checked (?:in|out)|no such guest)\\b/',
      got: '"I should not tell you, but he is in room 103."',
    },
  },
  {
    agent: 'concierge',
    fault: 'never ends',
    does: 'orders, and asks for the room again and again',
    rules: [
      {
        when: { tool_result: 'book_transport', contains: '"ordered":true' },
        say: 'Which room was that, please?',
      },
    ],
    scenario: 'A taxi for a room that was misheard',
    caughtBy: { kind: 'ends', expected: 'ends properly', got: 'the person had no turns left' },
  },
];

/** The table as people read it, in Markdown. */
export function mutantTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = mutants.map(({ agent, fault, does, scenario, caughtBy }) =>
    [agent, `${fault}: ${does}`, `\`${caughtBy.kind}\` in "${scenario}"`, cell(caughtBy.got)].join(' | '),
  );
  return ['agent | twin | caught by | which saw', '--- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |\n`)
    .join('');
}
