/** Text whose colour is too near to what lies under it, and how many texts were looked at. */
export function faintTexts(): { count: number; texts: string[] };
/** What reaches beyond the right edge of the window. */
export function beyondTheEdge(): string[];
export function openAll(): void;
