// The smallest words of languages in Latin letters: a few stand in almost every sentence, and names have none. They tell
// more of a short sentence than its letters do.

const words: Record<string, string> = {
  de: 'der die das den dem und ist sind war für auf mit sie ihr ihre ihren ich wir es ein eine einen nicht um zu von im am wie was haben wird kann bei noch',
  en: 'the a an and of to in is are was for on at with you your i we it that this me my what which would have will can be not do how from',
  es: 'el la los las un una y es son está para con usted su se en de del que qué no por lo le al hay me tengo cuál ha mi',
  fi: 'ja on ei se että en hän oli ovat kun mitä tämä sinun teidän voin onko kello minä te olen',
  fr: 'le la les il un une des et est sont à au pour avec vous votre je nous ce que qui de du ne pas dans sur en elle quel puis cela par',
  hu: 'az a és egy van nem hogy is ez önnek ön meg mi milyen kell kérem vagyok vagy',
  it: 'il lo la gli le un una e è sono per con lei suo sua che di del non in da al alle si mi ho ha quale come qui può',
  nl: 'de het een en is zijn voor op met u uw ik wij dat die van niet om te in bij wat welke naar heb heeft kan nog aan door dan',
  no: 'den det en et og er for på med du din ditt jeg vi at som ikke til av om har kan hva hvilken i deg klokken skal',
  pl: 'i w na z do się jest są dla to nie że jak co czy pan pani pana o za od już ma mam proszę',
  pt: 'o a os as um uma e é são está para com você seu sua que de do da no na não por em ao há se vou qual às',
  ro: 'și în la cu de pe este sunt pentru nu un o care dumneavoastră că vă mă să din al ați ce',
  sv: 'den det en ett och är för på med du din ditt jag vi att som inte till av om har kan vad vilken i dig klockan ska',
  tr: 've bir bu için ile de da mi ne var değil çok size sizin ben olarak kadar saat nasıl',
};

const languages = Object.entries(words).map(([code, all]) => ({ code, words: new Set(all.split(' ')) }));

/** Whether a language's small words are known. */
export const hasSmallWords = (code: string) => Object.hasOwn(words, code);

/** The languages that most of the small words in a text belong to; none where there are no such words. */
export function mostSmallWords(text: string): string[] {
  const said = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = languages.map((language) => ({
    code: language.code,
    count: said.filter((word) => language.words.has(word)).length,
  }));
  const most = Math.max(...counts.map(({ count }) => count));
  return most === 0 ? [] : counts.filter(({ count }) => count === most).map(({ code }) => code);
}
