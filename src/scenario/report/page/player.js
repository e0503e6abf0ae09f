// Sound and picture together: a line runs over the waveform, a click into it plays from there, and so do the times
// beside the words. One conversation plays at a time.

import { all, element } from './dom.js';

const svg = 'http://www.w3.org/2000/svg';

/** The conversation heard last. */
let last;

/** Joins what there is to hear within a part of the page. */
export function addPlayers(within) {
  for (const figure of all('.conversation', within)) {
    const audio = figure.querySelector('audio');
    if (audio === null) continue;
    join(figure, audio);
    watch.observe(audio);
    audio.addEventListener('play', () => {
      take(audio);
    });
  }
}

/** One conversation at a time. */
function take(audio) {
  if (last !== audio) last?.pause();
  last = audio;
}

/** Plays or pauses the conversation of a scenario, or the one heard last; tells whether there was one. */
export function playOrPause(scenario) {
  const audio = scenario?.querySelector('details.run[open] audio, div.run audio') ?? last;
  if (audio === undefined || audio === null) return false;
  // Known at once: the next key may come before the event does.
  take(audio);
  if (audio.paused) void audio.play();
  else audio.pause();
  return true;
}

function join(figure, audio) {
  const picture = figure.querySelector('.picture');
  const scroll = figure.querySelector('.scroll');
  const spanMs = Number(picture.dataset.span);
  const lines = timesOf(figure.parentElement, (ms) => playFrom(audio, ms));
  const playhead = document.createElementNS(svg, 'line');
  figure.classList.add('playable');

  function show() {
    const ms = audio.currentTime * 1000;
    const share = Math.min(1, ms / spanMs);
    for (const end of ['x1', 'x2']) playhead.setAttribute(end, `${share * 100}%`);
    if (!playhead.isConnected) {
      playhead.setAttribute('class', 'playhead');
      playhead.setAttribute('y1', '0');
      playhead.setAttribute('y2', picture.getAttribute('height'));
      picture.append(playhead);
    }
    const x = share * picture.clientWidth;
    if (x < scroll.scrollLeft || x > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = x - 40;
    const now = audio.ended ? undefined : lines.findLast((line) => line.ms <= ms + 1);
    for (const line of lines) line.item.classList.toggle('now', line === now);
    if (!audio.paused) requestAnimationFrame(show);
  }

  audio.addEventListener('play', show);
  audio.addEventListener('seeked', show);
  picture.addEventListener('click', (event) => {
    const box = picture.getBoundingClientRect();
    playFrom(audio, ((event.clientX - box.left) / box.width) * spanMs);
  });
}

function playFrom(audio, ms) {
  audio.currentTime = ms / 1000;
  void audio.play();
}

/** Makes buttons of the times beside the words. */
function timesOf(run, play) {
  return all('.talk .at', run).map((time) => {
    const ms = Number(time.dataset.at);
    const text = time.textContent;
    const button = element(
      'button',
      { type: 'button', className: 'at', attributes: { 'aria-label': `Play from ${text}` } },
      text,
    );
    button.addEventListener('click', () => play(ms));
    time.replaceWith(button);
    return { ms, item: button.parentElement };
  });
}

// A browser has only so many players: the length of a sound is read while it is in sight.
const watch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) target.preload = 'metadata';
    else if (target.paused && target.currentTime === 0 && target.preload !== 'none') {
      target.preload = 'none';
      target.load();
    }
  }
});
