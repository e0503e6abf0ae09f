import { describe, expect, test } from 'vitest';
import { conversation, ofTurn, ofWhole, turn, verdicts } from './support.js';

/** What an agent says on the phone, 7 to 15 words or what is as long. */
const sentences: Record<string, string[]> = {
  en: ['Your appointment is booked for Monday, July 6th at nine.', 'I am sorry, that day is fully booked.'],
  es: [
    'Su cita está reservada para el lunes a las nueve.',
    'Lo siento, ese día está completo. ¿Qué otro prefiere?',
  ],
  de: ['Ihr Termin ist für Montag um neun Uhr gebucht.', 'Es tut mir leid, dieser Tag ist ausgebucht.'],
  fr: ['Votre rendez-vous est réservé pour lundi à neuf heures.', 'Je suis désolé, ce jour est complet.'],
  it: ['Il suo appuntamento è prenotato per lunedì alle nove.', 'Mi dispiace, quel giorno è al completo.'],
  pt: ['A sua consulta está marcada para segunda-feira às nove.', 'Lamento, nesse dia já não há vagas.'],
  nl: ['Uw afspraak is geboekt voor maandag om negen uur.', 'Het spijt me, die dag is volgeboekt.'],
  pl: ['Pana wizyta jest zapisana na poniedziałek na dziewiątą.', 'Przykro mi, ten dzień jest już zajęty.'],
  ja: ['月曜日の九時に予約をお取りしました。', '申し訳ございません、その日は満席です。'],
  zh: ['您的预约已定在星期一九点。', '对不起，那天已经满了，您要不要换一天？'],
  ko: ['월요일 아홉 시로 예약되었습니다.', '죄송합니다만 그날은 예약이 다 찼습니다.'],
  ar: ['تم حجز موعدك يوم الاثنين في التاسعة.', 'عذرا، ذلك اليوم محجوز بالكامل.'],
  ru: ['Ваш приём записан на понедельник на девять часов.', 'Извините, этот день полностью занят.'],
};
const every = Object.keys(sentences);

/** Short ones, with names and numbers, of which letters alone tell little. */
const short: [code: string, sentence: string][] = [
  ['de', 'Guten Tag Herr Robin Smith, Ihre Buchung für Montag ist bestätigt.'],
  ['de', 'Die Bestätigungsnummer lautet RC-1042, Frau Schmidt.'],
  ['de', 'Die Lieferung erfolgt am Freitag, Herr Müller.'],
  ['de', 'Das Taxi zum Flughafen ist bestellt, Frau Schmidt.'],
  ['de', 'Montag, Dienstag oder Mittwoch, Herr Schmidt?'],
  ['en', 'Good morning Mr. Robin Smith, your booking for Monday is confirmed.'],
  ['en', 'The confirmation number is RC-1042, Mrs. Schmidt.'],
  ['en', 'Let me transfer you to Dr. Müller in Cardiology.'],
  ['en', 'We have Spaghetti Carbonara, Lasagne and Risotto ai Funghi.'],
  ['en', 'Your package will arrive on Thursday with DHL Express.'],
  ['es', 'Buenos días señor Robin Smith, su reserva para el lunes está confirmada.'],
  ['es', 'El número de confirmación es RC-1042, señora Schmidt.'],
  ['es', 'Tenemos Spaghetti Carbonara, Lasagne y Risotto ai Funghi.'],
  ['es', 'El taxi al aeropuerto está pedido, señora Schmidt.'],
  ['fr', 'Bonjour Monsieur Robin Smith, votre réservation pour lundi est confirmée.'],
  ['fr', "Le taxi pour l'aéroport est commandé, Madame Schmidt."],
  ['fr', 'Votre colis arrivera jeudi avec DHL Express.'],
  ['it', 'Il numero di conferma è RC-1042, signora Schmidt.'],
  ['it', 'Abbiamo Spaghetti Carbonara, Lasagne e Risotto ai Funghi.'],
  ['it', "Il taxi per l'aeroporto è prenotato, signora Schmidt."],
  ['sv', 'Bekräftelsenumret är RC-1042, fru Schmidt.'],
  ['pl', 'Numer potwierdzenia to RC-1042, pani Schmidt.'],
  ['ru', 'Ваш заказ ORD-17 отправлен с DHL Express.'],
];

describe('language', () => {
  test.each(every)('%s is told from the others', async (code) => {
    for (const sentence of sentences[code] ?? []) {
      const played = conversation([turn(sentence)]);
      const found = await Promise.all(every.map((language) => ofTurn({ language }, played)));
      const right = every.filter((_, at) => verdicts(found[at] ?? [])[0] === 'passed');
      expect([sentence, right]).toEqual([sentence, [code]]);
    }
  });

  test.each(short)('%s is told from the others in "%s"', async (code, sentence) => {
    const played = conversation([turn(sentence)]);
    const others = [...every, 'sv', 'no', 'fi', 'ro', 'tr', 'hu'];
    const found = await Promise.all(others.map((language) => ofTurn({ language }, played)));
    const right = others.filter((_, at) => verdicts(found[at] ?? [])[0] === 'passed');
    expect(right).toEqual([code]);
  });

  test('is not another one by a guess', async () => {
    const played = conversation([turn('One moment, let me check availability for vaccination, 2026-07-02.')]);
    expect(verdicts(await ofTurn({ language: 'en' }, played))).toEqual(['passed']);
  });

  test('says what was spoken instead', async () => {
    const [first = ''] = sentences.es ?? [];
    expect(await ofTurn({ language: 'en' }, conversation([turn(first)]))).toEqual([
      ['failed', 'speaks English', `Spanish: "${first}"`],
    ]);
    expect(await ofTurn({ language: 'es' }, conversation([turn(first)]))).toEqual([
      ['passed', 'speaks Spanish', 'Spanish'],
    ]);
  });

  test('of the whole is that of every answer long enough', async () => {
    const [english = ''] = sentences.en ?? [];
    const [german = ''] = sentences.de ?? [];
    const played = conversation([turn(english), turn('Okay.'), turn(german, { said: 'Yes' })]);
    expect(await ofWhole({ language: 'en' }, played)).toEqual([
      ['failed', 'speaks English', `German after "Yes": "${german}"`],
    ]);
    const short = conversation([turn('Which day?'), turn('At what time, please?'), turn('Goodbye then.')]);
    expect(await ofWhole({ language: 'en' }, short)).toEqual([['passed', 'speaks English', 'English']]);
    expect(await ofWhole({ language: 'de' }, short)).toEqual([['failed', 'speaks German', 'English']]);
  });

  test('is not guessed', async () => {
    expect(await ofTurn({ language: 'en' }, conversation([turn('RC-1042, okay.')]))).toEqual([
      ['failed', 'speaks English', 'too few words to tell'],
    ]);
    expect(await ofTurn({ language: 'en' }, conversation([turn('')]))).toEqual([
      ['failed', 'speaks English', 'nothing was said'],
    ]);
    expect(
      await ofTurn({ language: 'uk' }, conversation([turn('Ваш прийом записано на понеділок.')])),
    ).toEqual([['error', 'speaks Ukrainian', 'Ukrainian cannot be told from others yet']]);
    expect(await ofTurn({ language: 'xx' }, conversation([turn('One two three four five.')]))).toEqual([
      ['error', 'speaks xx', 'xx cannot be told from others yet'],
    ]);
  });

  test('is told though names and numbers stand in it', async () => {
    const played = conversation([
      turn('You are booked, Maria Fernanda Gonzalez: dental cleaning on 2026-07-06 at 09:00, RC-1042.'),
      turn('Thank you for calling Trattoria da Giovanni, how many people will you be?'),
    ]);
    expect(await ofWhole({ language: 'en' }, played)).toEqual([['passed', 'speaks English', 'English']]);
  });
});
