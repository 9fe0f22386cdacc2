// The timeline: tracks of blocks that are dragged, trimmed and opened, a ruler with a range and markers, and the sound.
// Knows frames and blocks, and nothing of films: what is dragged goes to the server as where it lies now.

const GRASP = 4; // px from which a press is a drag and no click
const CATCH = 8; // px within which an edge snaps
const SECOND_LEAST = 24, SECOND_NARROW = 60; // px that a second has at least at first, also where there is little room
const FRAME_MOST = 24; // px of a frame when it is looked at most closely

export default {
  template: `
    <section class="timeline" :aria-label="words.title" ref="root" @keydown="pressedKey">
      <div class="tl-bar">
        <output class="tl-clock">{{ clock(at) }}</output>
        <button type="button" class="icon-button" :class="{ on: snaps }" :aria-pressed="snaps" :aria-label="words.snap" :title="words.snap" @click="snaps = !snaps"><i class="icon icon-magnet"></i></button>
        <button type="button" class="icon-button" :aria-label="words.mark" :title="words.mark + ' (M)'" @click="mark"><i class="icon icon-marker"></i></button>
        <div v-if="model.canEdit" class="choices tl-how" role="group" :aria-label="words.ends">
          <button type="button" :aria-pressed="!stretches" :title="words.trim_about" @click="stretches = false">{{ words.trim }}</button>
          <button type="button" :aria-pressed="stretches" :title="words.stretch_about" @click="stretches = true">{{ words.stretch }}</button>
        </div>
        <div v-if="change && change.byKey" class="tl-chosen"><b>{{ told }}</b>
          <button type="button" class="small-button main" @click="apply">{{ words.apply }}</button>
          <button type="button" class="small-button" @click="drop">{{ words.leave }}</button></div>
        <div v-else-if="chosen" class="tl-chosen"><b>{{ chosen.label }}</b><span>{{ stretchOf(chosen) }}</span>
          <button type="button" class="icon-button" :aria-label="words.values" :title="words.values + ' (Enter)'" @click="open(chosen)"><i class="icon icon-pen"></i></button>
          <button v-if="model.canEdit && chosen.goes" type="button" class="icon-button" :aria-label="words.remove" :title="words.remove + ' (Delete)'" @click="remove(chosen)"><i class="icon icon-trash"></i></button></div>
        <div v-else-if="model.note" class="tl-chosen"><span>{{ model.note }}</span></div>
        <span class="gap"></span>
        <div class="tl-zoom">
          <button type="button" class="icon-button" :aria-label="words.out" :title="words.out + ' (−)'" :disabled="zoom <= 0" @click="zoomTo(zoom - 0.12)"><i class="icon icon-minus"></i></button>
          <input type="range" min="0" max="1" step="0.01" :value="zoom" :aria-label="words.zoom" @input="zoomTo(+$event.target.value)" />
          <button type="button" class="icon-button" :aria-label="words.in" :title="words.in + ' (+)'" :disabled="zoom >= 1" @click="zoomTo(zoom + 0.12)"><i class="icon icon-plus"></i></button>
        </div>
      </div>
      <div class="tl-scroll" ref="scroll" tabindex="-1" @wheel="wheel">
        <div class="tl-sheet" :style="{ '--width': width + 'px' }">
          <div class="tl-row tl-top">
            <div class="tl-head"></div>
            <div class="tl-lane" ref="lane">
              <div class="tl-ruler" role="slider" tabindex="0" :aria-label="words.ruler" aria-valuemin="0" :aria-valuemax="model.frames - 1"
                :aria-valuenow="at" :aria-valuetext="clock(at)" @pointerdown="rule" @keydown="ruleKey">
                <i v-for="tick in ticks" :key="tick.frame" :class="{ major: tick.text }" :style="{ left: x(tick.frame) + 'px' }">{{ tick.text }}</i>
              </div>
              <template v-if="range">
                <i class="tl-range" :style="{ left: x(range[0]) + 'px', width: x(range[1] - range[0]) + 'px' }"></i>
                <span v-for="(end, k) in range" :key="'end' + k" class="tl-range-end" role="slider" tabindex="0" :aria-label="k ? words.range_end : words.range_start"
                  aria-valuemin="0" :aria-valuemax="model.frames" :aria-valuenow="end" :aria-valuetext="clock(end)" :style="{ left: x(end) + 'px' }"
                  @pointerdown="rangeGrab($event, k)" @keydown="rangeKey($event, k)"></span>
              </template>
              <template v-for="(one, k) in marks" :key="one.id">
                <button type="button" class="tl-mark" :style="{ left: x(one.frame) + 'px' }" :aria-label="words.marker + ' ' + (one.name || k + 1) + ', ' + clock(one.frame)" :title="one.name"
                  @pointerdown="markGrab($event, one)" @dblclick="naming = one.id" @keydown="markKey($event, one)" @click="$event.detail === 0 && seek(one.frame)"><i class="icon icon-marker"></i></button>
                <input v-if="naming === one.id" class="tl-naming" :style="{ left: x(one.frame) + 'px' }" :value="typed" @input="typed = $event.target.value" maxlength="60" :aria-label="words.marker_name" ref="naming"
                  @keydown.stop="namingKey($event, one)" @blur="named(one)" />
                <span v-else-if="one.name" class="tl-mark-name" :style="{ left: x(one.frame) + 'px' }">{{ one.name }}</span>
              </template>
            </div>
          </div>
          <div v-for="track in model.tracks" :key="track.id" class="tl-row" :class="'tl-' + track.kind" role="group" :aria-label="track.name">
            <div class="tl-head">
              <button v-if="track.subject" type="button" class="tl-pick" :class="{ on: scope.subjects.includes(track.subject) }" :aria-pressed="scope.subjects.includes(track.subject)"
                :title="words.pick" @click="$emit('pick', { subject: track.subject })">{{ track.name }}</button>
              <span v-else>{{ track.name }}</span>
            </div>
            <div class="tl-lane" :style="{ '--rows': track.rows }" @pointerdown="laneDown">
              <div v-for="block in track.blocks" :key="block.id" class="tl-item" :class="classes(block)" :style="place(block)">
                <div class="tl-block" role="button" :tabindex="block.id === tabStop ? 0 : -1" :data-block="block.id" :aria-label="labelOf(block)" :title="block.label + (block.about ? ' · ' + block.about : '')"
                  @pointerdown="grab($event, block, 'move')" @dblclick="open(block)" @focus="choose(block)" @keydown="blockKey($event, block)">
                  <img v-if="block.still" :src="block.still" alt="" loading="lazy" draggable="false" />
                  <span class="tl-words" v-if="!block.point"><b>{{ block.label }}</b><span v-if="block.about">{{ block.about }}</span></span>
                </div>
                <span v-for="end in model.canEdit ? block.trims : []" :key="end" class="tl-edge" :class="'at-' + end" role="slider" :tabindex="block.id === picked ? 0 : -1"
                  :aria-label="(end === 'start' ? words.start_of : words.end_of) + ' ' + block.label" :aria-valuemin="Math.ceil(block.least)" :aria-valuemax="Math.floor(block.most)" :aria-valuenow="Math.round(lies(block)[end === 'start' ? 0 : 1])"
                  :aria-valuetext="seconds(lies(block)[end === 'start' ? 0 : 1])" @pointerdown="grab($event, block, end)" @focus="picked = block.id" @keydown="edgeKey($event, block, end)"></span>
                <span v-if="change && change.id === block.id && change.before === undefined" class="tl-tag">{{ told }}</span>
              </div>
              <i v-if="track.kind === 'shots' && change && change.before !== undefined" class="tl-drop" :style="{ left: x(cuts[change.before]) + 'px' }"></i>
            </div>
          </div>
          <div v-if="!model.silent" class="tl-row tl-sound" role="group" :aria-label="words.sound">
            <div class="tl-head"><span>{{ words.sound }}</span></div>
            <div class="tl-lane" @pointerdown="laneDown">
              <svg v-if="wave" :viewBox="'0 -1 ' + wave.length + ' 2'" :style="{ width: x(wave.frames) + 'px' }" preserveAspectRatio="none" aria-hidden="true"><path :d="wave.path" /></svg>
              <span v-else class="tl-quiet">{{ model.peaks ? words.listening : words.no_sound_yet }}</span>
              <i class="tl-playhead" :style="{ left: x(shown) + 'px' }"></i>
            </div>
          </div>
          <div class="tl-over" aria-hidden="true">
            <i v-for="cut in cuts.slice(1, -1)" :key="cut" class="tl-cut" :style="{ left: x(cut) + 'px' }"></i>
            <i v-if="range" class="tl-band" :style="{ left: x(range[0]) + 'px', width: x(range[1] - range[0]) + 'px' }"></i>
            <i v-for="one in marks" :key="one.id" class="tl-mark-line" :style="{ left: x(one.frame) + 'px' }"></i>
            <i v-if="snapped !== null" class="tl-snap" :style="{ left: x(snapped) + 'px' }"></i>
            <i class="tl-playhead" :style="{ left: x(shown) + 'px' }"></i>
          </div>
        </div>
      </div>
      <p class="unseen" role="status">{{ change && change.byKey ? told + '. ' + words.keys : '' }}</p>
    </section>
  `,
  props: { model: Object, scope: Object, words: Object, tree: String },
  data() {
    return {
      at: 0, shown: 0, playing: false, zoom: 0, room: 600, picked: null, change: null, snapped: null, snaps: true, stretches: false,
      marks: [], naming: null, typed: "", marking: null, sketch: null, wave: null,
    };
  },
  computed: {
    rate() { return this.model.rate[0] / this.model.rate[1]; },
    closest() { return Math.max(FRAME_MOST, this.fit); },
    fit() { return Math.max(0.02, (this.room - 16) / Math.max(1, this.model.frames)); },
    scale() { return this.fit * Math.pow(this.closest / this.fit, this.zoom); },
    width() { return Math.ceil(this.model.frames * this.scale) + 16; },
    cuts() { return [...this.blocks.filter((one) => one.part === "shot").map((one) => one.start), this.model.frames]; },
    blocks() { return this.model.tracks.flatMap((track) => track.blocks); },
    chosen() { return this.blocks.find((one) => one.id === this.picked); },
    tabStop() { return this.chosen ? this.picked : this.blocks.length ? this.blocks[0].id : null; },
    range() { return this.sketch || (this.scope.span ? this.scope.span.map((one) => one * this.rate) : null); },
    told() {
      if (!this.change) return "";
      const block = this.blocks.find((one) => one.id === this.change.id);
      if (!block) return "";
      if (this.change.before !== undefined) return `${block.label} → ${this.change.before < this.cuts.length - 1 ? this.change.before + 1 : this.words.end}`;
      const [start, end] = this.lies(block);
      return block.point ? this.seconds(start) : block.part === "shot" ? `${this.seconds(end - start)}` : `${this.seconds(start - this.began(block))} – ${this.seconds(end - this.began(block))}`;
    },
    ticks() {
      const rate = Math.round(this.rate);
      const steps = [1, 2, rate / 4, rate / 2, rate, 2 * rate, 5 * rate, 10 * rate, 30 * rate, 60 * rate].map((one) => Math.max(1, Math.round(one)));
      const step = steps.find((one) => one * this.scale >= 64) || steps[steps.length - 1];
      const minor = step % 4 === 0 ? step / 4 : step % 5 === 0 ? step / 5 : step;
      const found = [];
      for (let frame = 0; frame <= this.model.frames; frame += minor) {
        const lies = this.x(frame);
        if (found.length < 4000) found.push({ frame, text: frame % step === 0 && lies < this.width - 44 ? this.clock(frame).replace(/^0/, "") : "" });
      }
      return found;
    },
  },
  watch: {
    "model.version"() {
      this.change = null;
      this.snapped = null;
      if (this.chosen === undefined) this.picked = null;
    },
    "model.peaks"() { this.listen(); },
    tree: { immediate: true, handler() { this.marks = kept(this.tree); } },
    naming(now) {
      if (now === null) return;
      this.typed = this.marks.find((each) => each.id === now).name;
      this.$nextTick(() => { const field = [this.$refs.naming].flat()[0]; if (field) { field.focus(); field.select(); } });
    },
  },
  mounted() {
    this.sized = new ResizeObserver(() => this.measure());
    this.sized.observe(this.$refs.scroll);
    this.measure();
    const least = (this.room < 480 ? SECOND_NARROW : SECOND_LEAST) / this.rate;
    if (this.fit < least) this.zoom = Math.log(least / this.fit) / Math.log(this.closest / this.fit);
    this.listen();
  },
  beforeUnmount() {
    this.sized.disconnect();
    cancelAnimationFrame(this.running);
  },
  methods: {
    // ---- where things lie
    x(frame) { return frame * this.scale; },
    frameAt(event) { return (event.clientX - this.$refs.lane.getBoundingClientRect().left) / this.scale; },
    within(frame) { return Math.max(0, Math.min(this.model.frames - 1, Math.floor(frame))); },
    measure() {
      const head = this.$refs.lane ? this.$refs.lane.previousElementSibling.offsetWidth : 0;
      this.room = Math.max(120, this.$refs.scroll.clientWidth - head);
    },
    began(block) { return this.cuts[+block.id.split(".")[0]] || 0; },
    lies(block) { return this.change && this.change.id === block.id && this.change.before === undefined ? [this.change.start, this.change.end] : [block.start, block.end]; },
    place(block) {
      const [start, end] = this.lies(block);
      return { left: this.x(start) + "px", width: block.point ? "0px" : Math.max(3, this.x(end - start)) + "px", "--row": block.row };
    },
    classes(block) {
      return [`part-${block.part}`, { chosen: block.id === this.picked, changing: this.change && this.change.id === block.id, point: block.point, ground: !block.trims.length && !block.moves, movable: this.model.canEdit && block.moves }];
    },
    labelOf(block) { return `${block.label}${block.about ? ", " + block.about : ""}, ${this.stretchOf(block)}`; },
    stretchOf(block) {
      const from = block.part === "shot" ? 0 : this.began(block);
      return block.point ? this.seconds(block.start - from) : block.part === "shot" ? this.seconds(block.end - block.start) : `${this.seconds(block.start - from)} – ${this.seconds(block.end - from)}`;
    },
    seconds(frames) { return `${(frames / this.rate).toFixed(2)} s`; },
    clock(frame) {
      const rate = Math.round(this.rate), whole = Math.floor(frame / rate), two = (n) => String(n).padStart(2, "0");
      return `${two(Math.floor(whole / 60))}:${two(whole % 60)}.${two(Math.floor(frame) % rate)}`;
    },
    zoomTo(zoom, about) {
      const scroll = this.$refs.scroll, head = this.$refs.lane.previousElementSibling.offsetWidth;
      const visible = this.x(this.shown) - scroll.scrollLeft;
      const lies = about === undefined ? (visible > 0 && visible < this.room ? visible : this.room / 2) : about - scroll.getBoundingClientRect().left - head;
      const frame = (scroll.scrollLeft + lies) / this.scale;
      this.zoom = Math.max(0, Math.min(1, zoom));
      this.$nextTick(() => { scroll.scrollLeft = this.x(frame) - lies; });
    },
    wheel(event) {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoomTo(this.zoom - Math.sign(event.deltaY) * 0.06, event.clientX);
    },
    // ---- the playhead; told from the server a few times a second, and carried on in between
    playhead(frame, playing) {
      const now = performance.now();
      const passed = (now - (this.toldAt || 0)) / 1000, gone = frame - this.at;
      this.speed = playing && this.playing && gone > 0 && passed < 1 ? gone / passed : this.rate;
      this.toldAt = now;
      this.at = this.shown = frame;
      this.playing = playing;
      cancelAnimationFrame(this.running);
      if (playing) this.run();
    },
    run() {
      const since = (performance.now() - this.toldAt) / 1000;
      this.shown = Math.min(this.model.frames, this.at + Math.min(since, 0.6) * this.speed);
      const scroll = this.$refs.scroll, lies = this.x(this.shown) - scroll.scrollLeft;
      if (this.zoom > 0 && !this.change && (lies > this.room - 24 || lies < 0)) scroll.scrollLeft = this.x(this.shown) - 24;
      this.running = requestAnimationFrame(() => this.run());
    },
    seek(frame) {
      this.at = this.shown = this.within(frame);
      this.playing = false;
      cancelAnimationFrame(this.running);
      this.$emit("seek", { frame: this.at });
    },
    // ---- dragging
    follow(event, move, done) {
      event.preventDefault();
      event.stopPropagation();
      const from = event.clientX;
      let dragged = false;
      const moved = (e) => {
        if (e.pointerId !== event.pointerId) return;
        if (!dragged && Math.abs(e.clientX - from) < GRASP) return;
        dragged = true;
        move(e, (e.clientX - from) / this.scale);
      };
      const over = (e) => {
        if (e.pointerId !== undefined && e.pointerId !== event.pointerId) return;
        if (e.type === "keydown" && e.key !== "Escape") return;
        for (const kind of ["pointermove", "pointerup", "pointercancel", "keydown"]) removeEventListener(kind, kind === "pointermove" ? moved : over, true);
        this.snapped = null;
        if (e.type === "keydown") e.stopPropagation();
        done(dragged, e.type === "pointerup");
      };
      addEventListener("pointermove", moved, true);
      for (const kind of ["pointerup", "pointercancel", "keydown"]) addEventListener(kind, over, true);
    },
    snap(frame, block, event) {
      const whole = Math.round(frame);
      if (!this.snaps || event.ctrlKey || event.metaKey) { this.snapped = null; return whole; }
      const places = [0, this.at, ...this.cuts, ...this.marks.map((one) => one.frame), ...(this.range || [])];
      for (const one of this.blocks) if (one.id !== block) places.push(one.start, one.end);
      const near = places.reduce((best, one) => (Math.abs(one - frame) < Math.abs(best - frame) ? one : best), Infinity);
      const caught = Math.abs(near - frame) * this.scale <= CATCH;
      this.snapped = caught ? near : null;
      return caught ? Math.round(near) : whole;
    },
    grab(event, block, end) {
      if (event.button !== 0) return;
      this.choose(block);
      const touching = event.pointerType === "touch" && this.touched !== block.id;
      this.touched = block.id;
      const may = this.model.canEdit && !touching && (end === "move" ? block.moves : true);
      if (!may) { if (!touching) event.stopPropagation(); return; }
      event.currentTarget.focus({ preventScroll: true });
      const [start, last] = [block.start, block.end];
      this.follow(event, (e, by) => {
        if (end === "move" && block.part === "shot") { this.change = { id: block.id, before: this.cutAt(this.frameAt(e)) }; return; }
        this.change = this.bounded(block, end, end === "move" ? this.caught(block, start + by, last + by, e) : this.snap((end === "start" ? start : last) + by, block.id, e));
        this.change.stretch = e.altKey !== this.stretches;
      }, (dragged, kept) => {
        if (!dragged) return;
        if (kept) this.apply();
        else this.drop();
      });
    },
    // A block that is moved snaps by whichever of its ends is caught.
    caught(block, start, end, event) {
      const first = this.snap(start, block.id, event), atStart = this.snapped;
      if (atStart !== null || block.point) return first;
      const last = this.snap(end, block.id, event);
      return this.snapped !== null ? last - (block.end - block.start) : first;
    },
    bounded(block, end, frame) {
      const { start, end: last, least, most } = block, length = last - start;
      if (end === "start") return { id: block.id, end: last, start: Math.max(least, Math.min(frame, last - 1)), edges: ["start"] };
      if (end === "end") return { id: block.id, start, end: Math.min(most, Math.max(frame, block.part === "shot" ? least : start + 1)), edges: ["end"] };
      const moved = Math.max(least, Math.min(frame, most - length));
      return { id: block.id, start: moved, end: moved + length, edges: ["start", "end"] };
    },
    cutAt(frame) {
      return this.cuts.reduce((best, cut, k) => (Math.abs(cut - frame) < Math.abs(this.cuts[best] - frame) ? k : best), 0);
    },
    apply() {
      const change = this.change, block = change && this.blocks.find((one) => one.id === change.id);
      if (!block) { this.drop(); return; }
      if (change.before !== undefined) {
        const shot = +block.id.split(".")[0];
        if (change.before === shot || change.before === shot + 1) { this.drop(); return; }
        this.$emit("reorder", { version: this.model.version, shot, before: change.before });
      } else if (change.start === block.start && change.end === block.end) {
        this.drop();
        return;
      } else {
        const given = (end) => (change.edges.includes(end) ? change[end] : null);
        this.$emit("drag", { version: this.model.version, id: block.id, start: given("start"), end: block.point ? null : given("end"), stretch: Boolean(change.stretch) });
      }
      this.change = { ...change, byKey: false };
    },
    // Called from the server too, where a drag led to nothing.
    drop() { this.change = null; },
    // ---- choosing
    choose(block) {
      if (this.change && this.change.byKey && this.change.id !== block.id) this.change = null;
      this.picked = block.id;
    },
    open(block) { this.$emit("open", { version: this.model.version, id: block.id }); },
    remove(block) { if (this.model.canEdit && block.goes) this.$emit("remove", { version: this.model.version, id: block.id }); },
    laneDown(event) {
      if (event.button !== 0 || event.target.closest(".tl-item")) return;
      this.picked = this.touched = null;
      this.seek(this.frameAt(event));
    },
    // ---- the ruler, its range and its markers
    rule(event) {
      if (event.button !== 0) return;
      event.currentTarget.focus({ preventScroll: true });
      const from = this.frameAt(event);
      this.follow(event, (e) => {
        const ends = [this.snap(from, null, e), this.snap(this.frameAt(e), null, e)].map((one) => Math.max(0, Math.min(this.model.frames, one)));
        this.sketch = [Math.min(...ends), Math.max(...ends)];
      }, (dragged, kept) => {
        if (!dragged) this.seek(from);
        else this.pointAt(kept ? this.sketch : this.keptRange());
      });
    },
    keptRange() { return this.scope.span ? this.scope.span.map((one) => Math.round(one * this.rate)) : null; },
    pointAt(ends) {
      this.sketch = null;
      this.$emit("span", { span: ends && ends[0] < ends[1] ? ends : null });
    },
    rangeGrab(event, end) {
      const ends = this.keptRange();
      if (event.button !== 0 || !ends) return;
      event.currentTarget.focus({ preventScroll: true });
      this.follow(event, (e) => { this.sketch = this.rangeWith(ends, end, this.snap(this.frameAt(e), null, e)); }, (dragged, kept) => { if (dragged) this.pointAt(kept ? this.sketch : ends); });
    },
    rangeWith(ends, end, frame) {
      return end === 0 ? [Math.max(0, Math.min(frame, ends[1] - 1)), ends[1]] : [ends[0], Math.min(this.model.frames, Math.max(frame, ends[0] + 1))];
    },
    rangeKey(event, end) {
      const ends = this.keptRange(), by = this.step(event);
      if (event.key === "Escape" || event.key === "Delete") this.pointAt(null);
      else if (ends && by) this.pointAt(this.rangeWith(ends, end, ends[end] + by));
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    ruleKey(event) {
      const second = Math.round(this.rate), by = this.step(event);
      const to = { PageUp: this.at + second, PageDown: this.at - second, Home: 0, End: this.model.frames - 1 }[event.key];
      if (by) this.seek(this.at + by);
      else if (to !== undefined) this.seek(to);
      else if (event.key === "i") this.marking = this.at;
      else if (event.key === "o") this.pointAt([Math.min(this.marking === null ? 0 : this.marking, this.at), this.at + 1]);
      else if (event.key === "Escape") this.pointAt(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    step(event) {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key] || 0;
      return way * (event.shiftKey ? Math.round(this.rate) : 1);
    },
    mark() {
      if (this.marks.some((one) => one.frame === this.at)) return;
      this.keep([...this.marks, { id: `${Date.now()}-${this.at}`, frame: this.at, name: "" }]);
    },
    keep(marks) {
      this.marks = [...marks].sort((a, b) => a.frame - b.frame);
      try { localStorage.setItem(store(this.tree), JSON.stringify(this.marks)); } catch { /* hold for this page alone */ }
    },
    markTo(one, frame) { this.keep(this.marks.map((each) => (each.id === one.id ? { ...each, frame: this.within(frame) } : each))); },
    markGrab(event, one) {
      if (event.button !== 0) return;
      event.currentTarget.focus({ preventScroll: true });
      this.follow(event, (e) => this.markTo(one, this.frameAt(e)), (dragged) => { if (!dragged) this.seek(one.frame); });
    },
    markKey(event, one) {
      const by = this.step(event);
      if (by) this.markTo(one, one.frame + by);
      else if (event.key === "Delete" || event.key === "Backspace") { this.keep(this.marks.filter((each) => each.id !== one.id)); this.$el.querySelector(".tl-ruler").focus(); }
      else if (event.key === "F2") this.naming = one.id;
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    named(one) {
      if (this.naming !== one.id) return;
      this.naming = null;
      this.keep(this.marks.map((each) => (each.id === one.id ? { ...each, name: this.typed.trim() } : each)));
    },
    namingKey(event, one) {
      if (event.key === "Enter") this.named(one);
      if (event.key === "Escape") this.naming = null;
    },
    // ---- keys
    blockKey(event, block) {
      const second = event.shiftKey ? Math.round(this.rate) : 1;
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.altKey && way) this.nudge(block, "move", way * second);
      else if (event.key === "Enter") { if (this.change && this.change.byKey) this.apply(); else this.open(block); }
      else if (event.key === "Escape" && this.change) this.drop();
      else if (event.key === "Delete" || event.key === "Backspace") this.remove(block);
      else if (event.key.startsWith("Arrow") && !event.shiftKey) this.walk(block, event.key);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    edgeKey(event, block, end) {
      const by = this.step(event);
      if (by) this.nudge(block, end, by);
      else if (event.key === "Enter" && this.change) this.apply();
      else if (event.key === "Escape" && this.change) this.drop();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    nudge(block, end, by) {
      if (!this.model.canEdit || (end === "move" && !block.moves)) return;
      const same = this.change && this.change.id === block.id;
      if (end === "move" && block.part === "shot") {
        const shot = +block.id.split(".")[0], now = same ? this.change.before : by > 0 ? shot + 1 : shot;
        this.change = { id: block.id, byKey: true, before: Math.max(0, Math.min(this.cuts.length - 1, now + Math.sign(by))) };
        return;
      }
      const now = same ? { ...block, start: this.change.start, end: this.change.end } : block;
      const edges = new Set(same ? this.change.edges : []);
      const next = this.bounded(now, end, Math.round(end === "end" ? now.end : now.start) + by);
      for (const one of next.edges) edges.add(one);
      this.change = { ...next, edges: [...edges], byKey: true, stretch: this.stretches };
    },
    walk(block, key) {
      const track = this.model.tracks.findIndex((one) => one.blocks.includes(block));
      const row = this.model.tracks[track].blocks;
      let next = null;
      if (key === "ArrowLeft" || key === "ArrowRight") next = row[row.indexOf(block) + (key === "ArrowLeft" ? -1 : 1)];
      else {
        const way = key === "ArrowUp" ? -1 : 1;
        for (let k = track + way; this.model.tracks[k] && !next; k += way) {
          next = [...this.model.tracks[k].blocks].sort((a, b) => this.apart(a, block) - this.apart(b, block))[0];
        }
      }
      if (!next) return;
      this.picked = next.id;
      this.$nextTick(() => {
        const there = this.$el.querySelector(`[data-block="${next.id}"]`);
        if (there) { there.focus({ preventScroll: true }); there.scrollIntoView({ block: "nearest", inline: "nearest" }); }
      });
    },
    apart(one, other) { return Math.max(0, one.start - other.start, other.start - one.end) + Math.abs(one.start - other.start) / 1e6; },
    pressedKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=range])")) return;
      if (event.key === "m" || event.key === "M") this.mark();
      else if (event.key === "+" || event.key === "=") this.zoomTo(this.zoom + 0.12);
      else if (event.key === "-") this.zoomTo(this.zoom - 0.12);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    // ---- the sound
    listen() {
      const url = this.model.peaks;
      this.wave = null;
      if (!url) return;
      fetch(url).then((reply) => (reply.ok ? reply.json() : null)).then((found) => {
        if (!found || this.model.peaks !== url) return;
        const high = found.peaks.map((one) => Math.max(0.012, Math.pow(one / found.loudest, 0.6)).toFixed(3));
        const over = high.map((one, k) => `L${k} -${one}L${k + 1} -${one}`).join("");
        const under = high.map((one, k) => `L${k + 1} ${one}L${k} ${one}`).reverse().join("");
        this.wave = { path: `M0 0${over}${under}Z`, length: Math.max(1, high.length), frames: (high.length / found.rate) * this.rate };
      }).catch(() => {});
    },
  },
};

const store = (tree) => `vitascope-markers-${tree}`;

function kept(tree) {
  try {
    const found = JSON.parse(localStorage.getItem(store(tree)) || "[]");
    return found.filter((one) => Number.isInteger(one.frame) && typeof one.name === "string");
  } catch { return []; }
}
