import type { PageTexts } from './page-texts.ts';

export const TEXTS_EN: PageTexts = {
  brand: 'Stillwater · home check',
  otherLanguage: '中文',
  noName: 'the resident',
  code: (code) => `Home ${code}`,
  unusualWater: 'The water use is unusual.',
  emergencyCall: 'In an emergency, call first:',
  ask: {
    guardian: {
      heading: (who) => `Please call ${who}`,
      request: 'Ring them up. If nobody answers, or you know that they are away, tell us below.',
    },
    contact: {
      heading: (who) => `Please look in on ${who}`,
      request: 'Knock at the door and see how they are. Then tell us below what you found.',
    },
    supervisor: {
      heading: (who) => `Please see to ${who}`,
      request:
        'Neither family nor community contact has answered. Send somebody to the door and tell us what they found.',
    },
    desk: {
      heading: (who) => `Please act on ${who}`,
      request: 'Nobody before you has answered. Send somebody to the door, and go on until the home has been checked.',
    },
  },
  emergencyRequest:
    'Somebody has reported that help is needed. If you can get there, go now; if not, call somebody who can. Tell us below how it stands.',
  facts: { opened: 'Alert opened', reason: 'What the water shows' },
  recovered: (time) => `The water has looked as usual again since ${time}. Please still make sure that they are well.`,
  reported: (who, time) => `${who} reported on ${time}: needs help.`,
  someoneOnTheWay: (who, time) => `${who} said on ${time}: on my way.`,
  people: {
    heading: 'Who else was asked',
    nobody: 'So far, only you were asked.',
    roles: { guardian: 'Family', contact: 'Community contact', supervisor: 'Supervisor', desk: 'Duty desk' },
    who: (role, maskedName) => `${role} ${maskedName}`,
    asked: (time) => `asked ${time}, no answer yet`,
    notReached: 'the text did not arrive',
    onTheWay: (time) => `on the way since ${time}`,
    answered: (outcome, time) => `answered ${time}: ${outcome}`,
  },
  claim: {
    button: 'I am on my way',
    hint: 'The next person is not asked for now. When you have been there, come back to this page and tell us.',
    done: (since, until) =>
      `You said on ${since} that you are on your way. Tell us by ${until} what you found; after that the next person is asked.`,
  },
  form: {
    outcome: 'What did you find?',
    outcomes: {
      safe: { label: 'Safe', hint: 'I saw them or spoke to them' },
      needs_help: { label: 'Needs help', hint: 'Duty desk and family are told at once' },
      could_not_reach: { label: 'Could not reach them', hint: 'The next person is asked now' },
      false_alarm: { label: 'False alarm', hint: 'They are well; the water has another reason' },
      away: { label: 'Away', hint: 'They are away from home for some days' },
    },
    method: 'How did you check?',
    methods: { in_person: 'At the door', phone: 'By phone', neighbour: 'Through a neighbour' },
    cause: 'Reason of the false alarm',
    chooseCause: 'Please choose',
    causes: {
      late_riser: 'Got up late',
      away: 'Out for a short while',
      hospital: 'In hospital',
      cleaning: 'Cleaning or laundry',
      leak: 'Leak',
      meter_fault: 'Meter fault',
      other: 'Something else',
    },
    awayUntil: 'Away until (that day included)',
    note: 'Anything to add?',
    noteHint: 'You can leave this empty. At most 1000 letters.',
    submit: 'Send',
    notSent: 'Not sent yet. Please add:',
    errors: {
      outcome_missing: () => 'Choose what you found',
      method_missing: () => 'Choose how you checked',
      cause_missing: () => 'Choose the reason of the false alarm',
      last_day_missing: () => 'Give the last day away',
      last_day_out_of_range: (earliest, latest) => `Give a date from ${earliest} to ${latest}`,
      note_too_long: () => 'Write at most 1000 letters',
    },
  },
  result: {
    thanks: { heading: 'Thank you, that is noted', text: 'This alert is over. Everybody who was texted will be told.' },
    helpReported: {
      heading: 'Reported: needs help',
      text: 'The duty desk and all of the family get a text at once. Please stay with them until somebody comes.',
    },
    nextAsked: {
      heading: 'Thank you, that is noted',
      text: 'The next person is asked now. If you do reach them later, come back to this page and tell us.',
    },
    emergencyStands: {
      heading: 'Thank you, that is noted',
      text: 'Somebody has reported that help is needed, so the alert is not over. The duty desk goes on with it.',
    },
    yourAnswer: (outcome, method, time) => `Your answer: ${outcome} (${method}, ${time})`,
    again: 'Answer again',
  },
  closed: {
    heading: 'This alert is over',
    by: (who, time) => `${who} answered on ${time}`,
    byYou: (time) => `You answered on ${time}`,
    byReadings: (time) => `On ${time}, meter readings that came late showed ordinary water use`,
    byWater: (time) => `The water use was ordinary again; the alert ended by itself on ${time}`,
    found: 'Found: ',
    outcomes: {
      safe: 'Safe',
      needs_help: 'Needs help',
      could_not_reach: 'Could not reach them',
      false_alarm: 'False alarm',
      away: 'Away',
      late_data: 'Ordinary water use',
      water_returned: 'Water is used again',
    },
    tooLate: 'The alert was over when you sent your answer, so your answer was not recorded.',
    stillHelp: 'If they need help, call one of the numbers above now.',
  },
  over: {
    heading: 'This check was over long ago',
    text: 'This page shows nothing any more. Should something new happen, you will get another text.',
  },
};
