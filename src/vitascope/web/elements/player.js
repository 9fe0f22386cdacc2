// The player: one picture, to the frame. While a film is made it plays the chunks that are drawn (Media Source Extensions);
// when it is done, the file itself takes over at the same frame. Knows addresses and frames, and nothing of films.

const SPEEDS = [0.25, 0.5, 1, 2];
const CODEC = 'video/mp4; codecs="avc1.640034"';
const DRAG_LEAST = 6; // px from which a press is a box and no click
const SAME_MOST = 6; // of 255, by which a picture that was encoded twice may differ and is still the same
const JUDGED = 480; // px across, at which two pictures are compared
const LOOK_AFTER = 120; // ms at rest before the server is asked who is in the picture

export default {
  template: `
    <section class="player" :class="['view-' + view, { making, playing }]" :aria-label="words.player" ref="root">
      <div class="screen" ref="screen">
        <div class="picture" ref="picture" :style="{ '--ratio': source.width / source.height }">
          <img v-if="source.poster && !shown" class="layer poster" :src="source.poster" alt="" />
          <video class="layer main" ref="main" playsinline preload="auto" :loop="loops && !making" :muted="muted"
            :aria-label="words.picture" @play="started" @pause="stopped" @seeked="arrived" @loadeddata="loaded"
            @ended="starved" @waiting="starved" @error="failed">
            <track v-if="source.captions" ref="track" kind="captions" :src="source.captions" srclang="en" :label="words.captions" default @load="spoken = $event.target.track.cues.length > 0" />
          </video>
          <canvas class="layer freeze" ref="freeze" hidden></canvas>
          <video v-show="other && mode !== 'side'" class="layer other" ref="other" playsinline muted preload="auto" aria-hidden="true"
            :style="otherStyle" @loadeddata="follow(true)" @seeked="judge"></video>
          <canvas class="layer outlines" ref="outlines" aria-hidden="true"
            @pointerdown="pressed" @pointermove="hovered" @pointerup="released" @pointerleave="left" @pointercancel="left"></canvas>
          <div v-if="drag" class="box drawing" :style="boxStyle(drag)"></div>
          <div v-else-if="scope.box" class="box" :style="boxStyle(scope.box)"></div>
          <div v-if="hover && !drag" class="name-tag" :style="{ left: hover.x + 'px', top: hover.y + 'px' }">{{ hover.name }}</div>
          <div v-if="other && mode === 'wipe'" class="wipe" role="slider" tabindex="0" :style="{ left: wipe + '%' }" :aria-label="words.wipe"
            aria-valuemin="0" aria-valuemax="100" :aria-valuenow="Math.round(wipe)" @pointerdown="wipeStart" @keydown="wipeKey"><span></span></div>
          <div v-if="note" class="note" role="status">{{ note }}</div>
          <div v-else-if="apart !== null" class="note verdict" role="status">{{ apart }}</div>
        </div>
        <div v-if="other && mode === 'side'" class="picture" :style="{ '--ratio': source.width / source.height }">
          <video class="layer" ref="side" playsinline muted preload="auto" aria-hidden="true" @loadeddata="follow(true)"></video>
        </div>
      </div>
      <div v-if="canPoint && seen && seen.subjects.length && !playing" class="on-screen" role="group" :aria-label="words.on_screen">
        <span class="hint">{{ words.on_screen }}</span>
        <button v-for="one in inPicture" :key="one.id" type="button" class="chip pick" :class="{ on: scope.subjects.includes(one.id) }"
          :aria-pressed="scope.subjects.includes(one.id)" @click="pick(one.id)" @mouseenter="outline(one.id)" @mouseleave="outline(null)"
          @focus="outline(one.id)" @blur="outline(null)">{{ one.name }}</button>
      </div>
      <div class="transport">
        <div class="scrub" ref="scrub" role="slider" tabindex="0" :aria-label="words.scrub" aria-valuemin="0" :aria-valuemax="last"
          :aria-valuenow="frame" :aria-valuetext="clock(frame)" @pointerdown="scrubStart" @keydown="scrubKey">
          <i v-for="part in drawn" :key="part.at" class="drawn" :style="{ left: part.at + '%', width: part.width + '%' }"></i>
          <i class="done" :style="{ width: share(frame) + '%' }"></i>
          <i v-if="scope.span" class="span" :style="{ left: share(scope.span[0] * fps) + '%', width: share((scope.span[1] - scope.span[0]) * fps) + '%' }"></i>
          <i v-if="marking !== null" class="mark-in" :style="{ left: share(marking) + '%' }"></i>
          <i class="head" :style="{ left: share(frame) + '%' }"></i>
        </div>
        <div class="controls">
          <button type="button" class="icon-button" :aria-label="words.back" :title="words.back + ' (←)'" @click="step(-1)"><i class="icon icon-back"></i></button>
          <button type="button" class="icon-button play" :aria-label="playing ? words.pause : words.play" :title="(playing ? words.pause : words.play) + ' (Space)'" @click="toggle"><i class="icon" :class="playing ? 'icon-pause' : 'icon-play'"></i></button>
          <button type="button" class="icon-button" :aria-label="words.forward" :title="words.forward + ' (→)'" @click="step(1)"><i class="icon icon-forward"></i></button>
          <output class="timecode" :title="words.timecode"><b>{{ clock(frame) }}</b><span> / {{ clock(source.frames) }}</span></output>
          <span class="gap"></span>
          <template v-if="canPoint">
            <button type="button" class="small-button" :class="{ on: marking !== null }" :title="words.mark_in + ' (I)'" @click="markIn">{{ words.in }}</button>
            <button type="button" class="small-button" :title="words.mark_out + ' (O)'" @click="markOut">{{ words.out }}</button>
          </template>
          <button type="button" class="small-button speed" :title="words.speed" :aria-label="words.speed + ' ' + speed" @click="faster(1)">{{ speed }}×</button>
          <button type="button" class="icon-button loop" :class="{ on: loops }" :aria-label="words.loop" :title="words.loop" :aria-pressed="loops" @click="loops = !loops"><i class="icon icon-loop"></i></button>
          <button v-if="!source.silent" type="button" class="icon-button sound" :aria-label="muted ? words.unmute : words.mute" :title="(muted ? words.unmute : words.mute) + ' (M)'" @click="muted = !muted"><i class="icon" :class="muted ? 'icon-muted' : 'icon-sound'"></i><span class="meter" ref="meter" aria-hidden="true"></span></button>
          <button v-if="spoken" type="button" class="icon-button" :class="{ on: captions }" :aria-label="words.captions" :title="words.captions + ' (C)'" :aria-pressed="captions" @click="captions = !captions"><i class="icon icon-captions"></i></button>
          <button type="button" class="icon-button" :aria-label="words.full" :title="words.full + ' (F)'" @click="full"><i class="icon icon-full"></i></button>
        </div>
      </div>
    </section>
  `,
  props: {
    source: Object,
    other: Object,
    mode: String,
    scope: Object,
    words: Object,
    canPoint: Boolean,
  },
  data() {
    return {
      frame: 0, playing: false, shown: false, loops: true, muted: false, speed: 1, note: "", marking: null,
      seen: null, hover: null, drag: null, wipe: 50, outlined: null, apart: null, spoken: false, captions: true,
    };
  },
  computed: {
    fps() { return this.source.rate[0] / this.source.rate[1]; },
    last() { return Math.max(0, this.source.frames - 1); },
    making() { return !this.source.url; },
    view() { return this.other ? this.mode : "single"; },
    drawn() {
      return this.source.chunks.filter((one) => one.whole).map((one) => ({
        at: this.share(one.first), width: (100 * one.frames) / Math.max(1, this.source.frames),
      }));
    },
    inPicture() { return this.seen ? this.seen.subjects.filter((one) => this.seen.there.has(one.number)) : []; },
    otherStyle() { return this.mode === "wipe" ? { clipPath: `inset(0 0 0 ${this.wipe}%)` } : {}; },
  },
  watch: {
    "source.take"() { this.open(true); },
    "source.url"(now, before) { if (now && !before) this.open(false); },
    "source.chunks"() { this.append(); },
    "source.note"(now) { this.note = now || ""; },
    "source.captions"() { this.spoken = false; },
    captions() { this.caption(); },
    muted() { this.$refs.main.muted = this.muted; },
    other: { handler() { this.$nextTick(this.openOther); } },
    mode() { this.$nextTick(this.openOther); },
    scope: { deep: true, handler() { this.marking = null; this.draw(); } },
  },
  mounted() {
    this.key = (event) => this.shortcut(event);
    document.addEventListener("keydown", this.key);
    this.online = () => { if (this.$refs.main.error) this.open(false); };
    addEventListener("online", this.online);
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.$refs.picture);
    this.note = this.source.note || "";
    this.open(true);
    this.openOther();
  },
  beforeUnmount() {
    document.removeEventListener("keydown", this.key);
    removeEventListener("online", this.online);
    this.sized.disconnect();
    cancelAnimationFrame(this.metering);
    this.letGo();
    if (this.audio) this.audio.close();
  },
  methods: {
    // ---- where the picture comes from
    open(fresh) {
      const main = this.$refs.main;
      const playing = !main.paused && !main.ended;
      const frame = fresh && this.opened !== undefined ? Math.min(this.frame, this.last) : this.frame;
      if (this.shown) this.hold();
      this.letGo();
      this.forget();
      this.opened = this.source.take;
      this.wanted = null;
      this.resume = playing;
      this.returnTo = frame;
      if (this.source.url) {
        main.src = this.source.url;
        main.load();
      } else if ("MediaSource" in window && MediaSource.isTypeSupported(CODEC)) {
        this.openChunks(main);
      }
      this.note = this.source.note || "";
    },
    openChunks(main) {
      const media = new MediaSource();
      this.media = media;
      this.asked = new Map(); // what was asked for last, by the first frame of the chunk
      this.queue = [];
      this.drawing = null; // true while all that is there is the opening of a chunk
      this.objectUrl = URL.createObjectURL(media);
      main.src = this.objectUrl;
      media.addEventListener("sourceopen", () => {
        if (this.media !== media) return;
        media.duration = this.source.frames / this.fps;
        this.buffer = media.addSourceBuffer(CODEC);
        this.buffer.addEventListener("updateend", () => this.appended());
        this.append();
      }, { once: true });
    },
    append() {
      if (!this.buffer || this.source.url) return;
      for (const one of this.source.chunks) {
        if (!one.url || this.asked.get(one.first) === one.url) continue;
        this.asked.set(one.first, one.url);
        const media = this.media;
        const again = () => { if (this.asked.get(one.first) === one.url) this.asked.delete(one.first); };
        fetch(one.url).then((reply) => (reply.ok ? reply.arrayBuffer() : null)).then((bytes) => {
          if (bytes === null) again();
          // An opening that comes late would take away what came meanwhile.
          else if (this.media === media && this.asked.get(one.first) === one.url) { this.queue.push([one, bytes]); this.nextChunk(); }
        }).catch(again);
      }
    },
    nextChunk() {
      if (!this.buffer || this.buffer.updating || !this.queue.length || this.media.readyState !== "open") return;
      this.queue = this.queue.filter(([one]) => this.asked.get(one.first) === one.url).sort((a, b) => a[0].first - b[0].first);
      if (!this.queue.length) return;
      const [one, bytes] = this.queue.shift();
      this.buffer.timestampOffset = one.first / this.fps;
      this.adding = one;
      this.buffer.appendBuffer(bytes);
    },
    // Until a whole chunk is there, the newest frame of the first one is shown as soon as it is drawn.
    appended() {
      const main = this.$refs.main, { buffered } = main, before = this.drawing;
      this.drawing = !this.adding.whole && before !== false;
      if (this.playing && buffered.length) {
        if (this.drawing) main.currentTime = buffered.end(0) - 0.5 / this.fps;
        else if (before || main.readyState < 3) this.stayDrawn(Infinity);
      }
      this.nextChunk();
    },
    letGo() {
      this.media = this.buffer = null;
      this.queue = [];
      if (this.objectUrl) URL.revokeObjectURL(this.objectUrl);
      this.objectUrl = null;
    },
    loaded() {
      const main = this.$refs.main;
      main.muted = this.muted;
      main.playbackRate = this.speed;
      this.watchFrames();
      const back = this.returnTo;
      this.returnTo = null;
      if (back && (!this.making || this.isDrawn((back + 0.5) / this.fps))) this.seekFrame(back);
      else this.reveal();
      if (this.resume || (this.making && !matchMedia("(prefers-reduced-motion: reduce)").matches)) main.play().catch(() => {});
    },
    failed() {
      if (this.source.url) this.note = this.words.unplayable;
    },
    // ---- frames
    watchFrames() {
      const main = this.$refs.main;
      if (!main.requestVideoFrameCallback || this.watching) return;
      this.watching = true;
      const seen = (now, facts) => {
        this.seenFrame = Math.min(this.last, Math.round(facts.mediaTime * this.fps));
        if (this.wanted === null) this.frame = this.seenFrame; // on the way to a frame others pass by
        this.reveal();
        if (this.playing) { this.follow(false); this.tell(false); this.stayDrawn(facts.mediaTime); }
        main.requestVideoFrameCallback(seen);
      };
      main.requestVideoFrameCallback(seen);
    },
    reveal() {
      this.shown = true;
      this.$refs.freeze.hidden = true;
    },
    hold() {
      const main = this.$refs.main, freeze = this.$refs.freeze;
      if (!main.videoWidth) return;
      freeze.width = main.videoWidth;
      freeze.height = main.videoHeight;
      freeze.getContext("2d").drawImage(main, 0, 0);
      freeze.hidden = false;
    },
    isDrawn(time) {
      const { buffered } = this.$refs.main;
      for (let i = 0; i < buffered.length; i++) if (time >= buffered.start(i) && time < buffered.end(i)) return true;
      return false;
    },
    // While a film is made only what is drawn is played, round and round from its beginning.
    stayDrawn(time) {
      const main = this.$refs.main;
      if (!this.making || this.drawing || !main.buffered.length) return;
      for (let i = 0; i < main.buffered.length; i++) {
        if (time >= main.buffered.start(i) - 0.02 && time < main.buffered.end(i) - 1.5 / this.fps) return;
      }
      main.currentTime = main.buffered.start(0) + 0.5 / this.fps;
    },
    seekFrame(frame) {
      const main = this.$refs.main;
      this.wanted = Math.max(0, Math.min(this.last, Math.round(frame)));
      this.frame = this.wanted;
      this.forget();
      if (!main.seeking && main.readyState > 0) { main.currentTime = (this.wanted + 0.5) / this.fps; this.going = this.wanted; }
    },
    arrived() {
      this.reveal();
      if (this.wanted !== null && this.wanted !== this.going) { this.seekFrame(this.wanted); return; }
      this.wanted = null;
      this.follow(true);
      this.judge();
      this.tell(true);
      this.look();
    },
    tell(now) {
      const time = performance.now();
      if (!now && time - (this.told || 0) < 250) return;
      this.told = time;
      this.$emit("moved", { frame: this.frame, playing: this.playing });
    },
    step(by) { this.$refs.main.pause(); this.seekFrame(this.frame + by); },
    toggle() {
      const main = this.$refs.main;
      if (!main.paused) { main.pause(); return; }
      if (!this.loops && this.frame >= this.last) main.currentTime = 0;
      main.play().catch(() => {});
    },
    started() {
      this.playing = true;
      this.apart = null;
      this.forget();
      if (this.$refs.other && this.other) this.beside().play().catch(() => {});
      this.listen();
    },
    stopped() {
      this.playing = false;
      if (this.other) this.beside().pause();
      this.follow(true);
      this.tell(true);
      this.look();
    },
    starved() { if (this.making && this.playing && !this.drawing) this.stayDrawn(Infinity); },
    faster(by) {
      this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + by + SPEEDS.length) % SPEEDS.length];
      this.$refs.main.playbackRate = this.speed;
      if (this.other) this.beside().playbackRate = this.speed;
    },
    full() {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.$refs.root.requestFullscreen().catch(() => {});
    },
    // Called from the server.
    seek(frame) { this.$refs.main.pause(); this.seekFrame(frame); },
    // ---- beside another take
    beside() { return (this.mode === "side" && this.$refs.side) || this.$refs.other; },
    openOther() {
      const video = this.beside();
      if (!video) return;
      for (const one of [this.$refs.other, this.$refs.side]) if (one && one !== video && one.src) { one.pause(); one.removeAttribute("src"); one.load(); }
      const url = this.other ? new URL(this.other.url, location.href).href : "";
      if (url && video.src !== url) { video.src = url; video.load(); }
      if (!url && video.src) { video.pause(); video.removeAttribute("src"); video.load(); }
      this.caption();
      this.apart = null;
      this.follow(true);
      this.judge();
    },
    follow(exactly) {
      const main = this.$refs.main, video = this.other && this.beside();
      if (!video || video.readyState === 0) return;
      const apart = Math.abs(video.currentTime - main.currentTime);
      if (apart > (exactly ? 0.0005 : 2 / this.fps) && !video.seeking) {
        video.currentTime = exactly ? (this.frame + 0.5) / this.fps : main.currentTime;
      }
      if (this.playing && video.paused) video.play().catch(() => {});
    },
    // As difference a picture that is the same is black: then it is said how much differs, once both stand at the same frame.
    judge() {
      const main = this.$refs.main, video = this.$refs.other;
      this.apart = null;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const still = this.other && this.mode === "difference" && !this.playing;
        if (!still || [main, video].some((one) => one.seeking || one.readyState < 2)) return;
        const [one, two] = [main, video].map((from) => this.pixels(from));
        let differ = 0;
        for (let i = 0; i < one.length; i += 4) {
          if ([0, 1, 2].some((k) => Math.abs(one[i + k] - two[i + k]) > SAME_MOST)) differ++;
        }
        const share = (400 * differ) / one.length;
        this.apart = differ ? this.words.differs.replace("{share}", share < 1 ? "<1" : Math.round(share)) : this.words.same;
      }));
    },
    caption() {
      const wanted = this.captions && this.view !== "difference" ? "showing" : "hidden";
      for (const track of this.$refs.main.textTracks) track.mode = wanted;
    },
    pixels(video) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [JUDGED, Math.max(1, Math.round(JUDGED / (this.source.width / this.source.height)))];
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      return context.getImageData(0, 0, canvas.width, canvas.height).data;
    },
    wipeStart(event) {
      event.preventDefault();
      const area = this.$refs.picture.getBoundingClientRect();
      const move = (e) => { this.wipe = Math.max(0, Math.min(100, (100 * (e.clientX - area.left)) / area.width)); };
      const up = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", up); };
      addEventListener("pointermove", move);
      addEventListener("pointerup", up);
      event.currentTarget.focus();
    },
    wipeKey(event) {
      const by = { ArrowLeft: -2, ArrowRight: 2, PageDown: -10, PageUp: 10 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.wipe = Math.max(0, Math.min(100, this.wipe + by));
    },
    // ---- pointing
    forget() { this.seen = null; this.hover = null; this.outlined = null; clearTimeout(this.looking); if (this.asking) this.asking.abort(); this.draw(); },
    look() {
      clearTimeout(this.looking);
      if (!this.canPoint || this.playing || !this.source.seen) return;
      const frame = this.frame, take = this.source.take;
      this.looking = setTimeout(async () => {
        try {
          const at = encodeURIComponent(`${frame * this.source.rate[1]}/${this.source.rate[0]}`);
          this.asking = new AbortController(); // a look at a frame that was left is not waited for
          const reply = await fetch(`${this.source.seen}?at=${at}`, { signal: this.asking.signal });
          if (!reply.ok) return;
          const found = await reply.json();
          const picture = new Image();
          picture.src = found.mask;
          await picture.decode();
          if (this.frame !== frame || this.source.take !== take || this.playing) return;
          this.seen = this.understood(found, picture);
          this.draw();
        } catch { /* without it pointing waits for the next look */ }
      }, LOOK_AFTER);
    },
    understood(found, picture) {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [picture.width, picture.height];
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(picture, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const ids = new Uint8Array(canvas.width * canvas.height);
      for (let i = 0; i < ids.length; i++) ids[i] = data[4 * i];
      const subjects = found.subjects.map((one, i) => ({ ...one, number: i + 1 }));
      return { ids, width: canvas.width, height: canvas.height, subjects, there: new Set(ids), silhouettes: new Map() };
    },
    silhouette(number) {
      const seen = this.seen;
      if (!seen.silhouettes.has(number)) {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [seen.width, seen.height];
        const context = canvas.getContext("2d"), image = context.createImageData(seen.width, seen.height);
        for (let i = 0; i < seen.ids.length; i++) if (seen.ids[i] === number) image.data[4 * i + 3] = 255;
        context.putImageData(image, 0, 0);
        seen.silhouettes.set(number, canvas);
      }
      return seen.silhouettes.get(number);
    },
    draw() {
      const canvas = this.$refs.outlines;
      if (!canvas) return;
      const scale = Math.min(2, devicePixelRatio || 1);
      canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
      canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
      if (!this.seen || this.playing) return;
      const style = getComputedStyle(canvas), context = canvas.getContext("2d");
      for (const one of this.seen.subjects) {
        const chosen = this.scope.subjects.includes(one.id);
        if (!chosen && one.id !== this.outlined) continue;
        this.ring(context, this.silhouette(one.number), style.getPropertyValue(chosen ? "--outline-chosen" : "--outline-hover"), 2 * scale);
      }
    },
    ring(context, shape, colour, width) {
      const { canvas } = context, layer = document.createElement("canvas");
      [layer.width, layer.height] = [canvas.width, canvas.height];
      const pen = layer.getContext("2d");
      for (let i = 0; i < 16; i++) {
        const angle = (i * Math.PI) / 8;
        pen.drawImage(shape, width * Math.cos(angle), width * Math.sin(angle), layer.width, layer.height);
      }
      pen.globalCompositeOperation = "source-in";
      pen.fillStyle = colour.trim() || "#fff";
      pen.fillRect(0, 0, layer.width, layer.height);
      pen.globalCompositeOperation = "destination-out";
      pen.drawImage(shape, 0, 0, layer.width, layer.height);
      context.drawImage(layer, 0, 0);
    },
    place(event) {
      const area = this.$refs.outlines.getBoundingClientRect();
      return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height, area];
    },
    subjectAt(x, y) {
      if (!this.seen || x < 0 || y < 0 || x >= 1 || y >= 1) return null;
      const number = this.seen.ids[Math.floor(y * this.seen.height) * this.seen.width + Math.floor(x * this.seen.width)];
      return this.seen.subjects.find((one) => one.number === number) || null;
    },
    pressed(event) {
      if (event.button !== 0) return;
      if (this.playing) { this.$refs.main.pause(); return; }
      if (!this.canPoint) { this.toggle(); return; }
      const [x, y] = this.place(event);
      this.press = { x, y, px: event.clientX, py: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    hovered(event) {
      const [x, y, area] = this.place(event);
      if (this.press && (this.drag || Math.hypot(event.clientX - this.press.px, event.clientY - this.press.py) > DRAG_LEAST)) {
        const [a, b] = [Math.max(0, Math.min(1, x)), Math.max(0, Math.min(1, y))];
        this.drag = [Math.min(a, this.press.x), Math.min(b, this.press.y), Math.abs(a - this.press.x), Math.abs(b - this.press.y)];
        return;
      }
      const found = this.playing ? null : this.subjectAt(x, y);
      this.hover = found && { name: found.name, x: x * area.width, y: y * area.height };
      this.outline(found ? found.id : null);
    },
    released(event) {
      if (!this.press) return;
      const [x, y] = this.place(event);
      if (this.drag && this.drag[2] > 0 && this.drag[3] > 0) this.$emit("box", { box: this.drag, frame: this.frame });
      else {
        const found = this.subjectAt(x, y);
        if (found) this.pick(found.id);
        else if (this.scope.subjects.length) this.$emit("clear", {});
      }
      this.press = this.drag = null;
    },
    left() { if (!this.drag) { this.hover = null; this.outline(null); } },
    pick(id) { this.$emit("subject", { id, frame: this.frame }); },
    outline(id) { if (id !== this.outlined) { this.outlined = id; this.draw(); } },
    boxStyle(box) { return { left: 100 * box[0] + "%", top: 100 * box[1] + "%", width: 100 * box[2] + "%", height: 100 * box[3] + "%" }; },
    markIn() { this.marking = this.frame; if (this.scope.span) this.$emit("span", { span: null }); },
    markOut() {
      const first = this.marking === null ? 0 : this.marking;
      if (this.frame >= first) this.$emit("span", { span: [first, this.frame + 1] });
      this.marking = null;
    },
    // ---- the bar
    share(frame) { return (100 * Math.max(0, Math.min(frame, this.source.frames))) / Math.max(1, this.source.frames); },
    frameAt(event) {
      const area = this.$refs.scrub.getBoundingClientRect();
      return Math.max(0, Math.min(this.last, Math.floor((this.source.frames * (event.clientX - area.left)) / area.width)));
    },
    scrubStart(event) {
      if (event.button !== 0) return;
      event.preventDefault();
      this.$refs.scrub.focus();
      const marks = event.shiftKey && this.canPoint, from = this.frameAt(event), playing = this.playing;
      if (!marks) { this.$refs.main.pause(); this.seekFrame(from); }
      let to = from;
      const move = (e) => {
        to = this.frameAt(e);
        if (!marks) this.seekFrame(to);
        else if (to !== from) { this.marking = Math.min(from, to); this.seekFrame(to); }
      };
      const up = () => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", up);
        this.marking = null;
        if (marks && to !== from) this.$emit("span", { span: [Math.min(from, to), Math.max(from, to) + 1] });
        else if (marks) this.$emit("span", { span: null });
        else if (playing) this.$refs.main.play().catch(() => {});
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", up);
    },
    scrubKey(event) {
      const second = Math.round(this.fps);
      const to = {
        ArrowLeft: this.frame - (event.shiftKey ? second : 1), ArrowRight: this.frame + (event.shiftKey ? second : 1),
        PageDown: this.frame - second, PageUp: this.frame + second, Home: 0, End: this.last,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.$refs.main.pause();
      this.seekFrame(to);
    },
    shortcut(event) {
      const at = event.target;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (at.closest && at.closest("input, textarea, select, [contenteditable], dialog, [role=menu], [role=tablist]")) return;
      if (at.closest && at.closest("button, a, summary") && (event.key === " " || event.key === "Enter")) return;
      const second = Math.round(this.fps);
      const does = {
        " ": () => this.toggle(), k: () => this.toggle(), ArrowLeft: () => this.step(event.shiftKey ? -second : -1),
        ArrowRight: () => this.step(event.shiftKey ? second : 1), Home: () => this.seek(0), End: () => this.seek(this.last),
        m: () => { this.muted = !this.muted; }, c: () => { this.captions = !this.captions; }, f: () => this.full(), j: () => this.faster(-1), l: () => this.faster(1),
        i: () => this.canPoint && this.markIn(), o: () => this.canPoint && this.markOut(), Escape: () => this.$emit("clear", {}),
      }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!does) return;
      event.preventDefault();
      does();
    },
    clock(frame) {
      const rate = Math.round(this.fps), seconds = Math.floor(frame / rate);
      const two = (n) => String(n).padStart(2, "0");
      return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}.${two(frame % rate)}`;
    },
    // ---- sound
    listen() {
      if (this.source.silent || this.making || !this.$refs.meter) return;
      try {
        if (!this.audio) {
          this.audio = new AudioContext();
          this.analyser = this.audio.createAnalyser();
          this.analyser.fftSize = 1024;
          this.audio.createMediaElementSource(this.$refs.main).connect(this.analyser);
          this.analyser.connect(this.audio.destination);
        }
        this.audio.resume();
      } catch { return; }
      const samples = new Float32Array(this.analyser.fftSize);
      const show = () => {
        const meter = this.$refs.meter;
        if (!meter) return;
        this.analyser.getFloatTimeDomainData(samples);
        const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
        const level = this.playing ? Math.max(0, 1 + Math.log10(Math.max(peak, 1e-6)) / 2.4) : 0;
        meter.style.setProperty("--level", level.toFixed(3));
        if (this.playing) this.metering = requestAnimationFrame(show);
      };
      cancelAnimationFrame(this.metering);
      this.metering = requestAnimationFrame(show);
    },
  },
};
