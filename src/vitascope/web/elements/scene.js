// A shot in space (glTF), the way of its camera, and a view that can be walked about. What is seen within the frame is what a
// camera that is taken from here films. Knows addresses and metres, and nothing of films.

const LENSES = [14, 18, 24, 28, 35, 50, 85, 135, 200];
const HALF_GATE = 12; // mm: the gate is 24 mm high
const MARGIN = 18; // px between the frame and the edge of the place
const OVERVIEW_LENS = 35;
const TAGS_MAX = 12;
const STEP = Math.PI / 60; // of an arrow key

export default {
  template: `
    <section class="scene" :data-state="state" :data-view="own ? 'own' : 'film'" :data-subjects="subjects" :aria-label="words.place">
      <div class="scene-place" ref="place" role="application" tabindex="0" :aria-label="words.keys" @keydown="typed">
        <div class="gate" :style="gate" aria-hidden="true"></div>
        <span v-for="one in tags" :key="one.id" class="scene-tag" :style="{ translate: one.x + 'px ' + one.y + 'px' }" aria-hidden="true">{{ one.name }}</span>
        <p v-if="state === 'loading'" class="scene-note" role="status">{{ words.loading }}</p>
        <p v-else-if="state === 'failed'" class="scene-note" role="alert">{{ fault }}</p>
        <p v-else-if="note" class="scene-note" role="status">{{ note }}</p>
      </div>
      <div class="scene-bar">
        <span class="choices" role="group" :aria-label="words.views">
          <button type="button" :aria-pressed="!own && !above" @click="home">{{ words.film }}</button>
          <button type="button" :aria-pressed="above" @click="overview">{{ words.above }}</button>
        </span>
        <label class="lens"><span>{{ words.lens }}</span>
          <select :value="lens" @change="fit(+$event.target.value)"><option v-for="one in lenses" :key="one" :value="one">{{ one }} mm</option></select></label>
        <span class="gap"></span>
        <label v-if="source.offered && source.moves" class="keep"><input type="checkbox" v-model="keep" /> <span>{{ words.keep }}</span></label>
        <button v-if="source.offered" type="button" class="button main" :disabled="!ready || !source.able" :title="source.why || words.take_about" @click="take">{{ words.take }}</button>
      </div>
    </section>
  `,
  props: { source: Object, words: Object },
  data() {
    return { state: "loading", own: false, above: false, keep: false, lens: 35, fov: 0.7, width: 1, height: 1, note: "", fault: "", subjects: "", tags: [] };
  },
  computed: {
    ready() { return this.state === "ready"; },
    lenses() { return LENSES.includes(this.lens) ? LENSES : [...LENSES, this.lens].sort((a, b) => a - b); },
    // The frame of the film within the place [px].
    framed() {
      const wide = Math.max(40, this.width - 2 * MARGIN), high = Math.max(40, this.height - 2 * MARGIN);
      const width = Math.min(wide, high * this.source.ratio);
      return { width, height: width / this.source.ratio };
    },
    gate() {
      const { width, height } = this.framed;
      return { width: width + "px", height: height + "px", left: (this.width - width) / 2 + "px", top: (this.height - height) / 2 + "px" };
    },
  },
  watch: {
    "source.url"() { this.load(); },
    "source.ratio"() { this.measure(); },
    framed: { handler() { this.measure(); } },
  },
  async mounted() {
    const { THREE, GLTFLoader, OrbitControls } = await import("nicegui-scene");
    if (this.gone) return;
    Object.assign(this, { three: THREE, loader: new GLTFLoader(), world: new THREE.Scene(), parts: null, film: null });
    try {
      this.renderer = new THREE.WebGLRenderer({ antialias: true });
    } catch {
      this.fail(this.words.no_space);
      return;
    }
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = THREE.PCFSoftShadowMap;
    this.renderer.shadowMap.autoUpdate = false;
    this.renderer.toneMapping = THREE.NeutralToneMapping;
    this.$refs.place.prepend(this.renderer.domElement);
    this.eye = new THREE.PerspectiveCamera(40, 1, 0.05, 8000);
    this.controls = new OrbitControls(this.eye, this.renderer.domElement);
    this.controls.maxPolarAngle = Math.PI - 0.02;
    this.controls.minDistance = 0.15;
    this.controls.maxDistance = 4000;
    this.controls.zoomToCursor = false;
    this.controls.addEventListener("start", () => { this.own = true; this.above = false; });
    this.controls.addEventListener("change", () => this.draw());
    this.sized = new ResizeObserver(() => this.resize());
    this.sized.observe(this.$refs.place);
    this.resize();
    this.load();
  },
  beforeUnmount() {
    this.gone = true;
    if (this.coming) this.coming.abort();
    if (this.sized) this.sized.disconnect();
    if (this.controls) this.controls.dispose();
    this.clear();
    if (this.renderer) { this.renderer.dispose(); this.renderer.forceContextLoss(); }
  },
  methods: {
    // The place --------------------------------------------------------------------------------------------------------
    resize() {
      this.width = Math.max(1, this.$refs.place.clientWidth);
      this.height = Math.max(1, this.$refs.place.clientHeight);
      this.measure();
    },
    measure() {
      if (!this.renderer) return;
      this.renderer.setSize(this.width, this.height);
      this.eye.aspect = this.width / this.height;
      const share = this.framed.height / this.height;
      this.eye.fov = (2 * Math.atan(Math.tan(this.fov / 2) / share) * 180) / Math.PI;
      this.eye.updateProjectionMatrix();
      this.draw();
    },
    draw() {
      if (this.drawing || !this.renderer) return;
      this.drawing = requestAnimationFrame(() => {
        this.drawing = 0;
        if (this.gone || !this.parts) return;
        this.parts.dome.position.copy(this.eye.position);
        this.marks();
        this.eye.updateMatrixWorld();
        this.tag();
        const far = this.eye.position.distanceTo(this.controls.target);
        const outside = this.parts.told.indoor ? far - this.parts.told.reach - 0.6 : 0; // what stands before a room is cut away
        this.eye.near = Math.max(0.03, Math.min(1, 0.02 * far), outside);
        this.eye.updateProjectionMatrix();
        this.renderer.render(this.world, this.eye);
      });
    },
    fail(sentence) { this.fault = sentence; this.state = "failed"; },

    // The file ---------------------------------------------------------------------------------------------------------
    async load() {
      if (!this.renderer) return;
      const wanted = this.source;
      this.state = "loading";
      if (this.coming) this.coming.abort();
      this.coming = new AbortController();
      let file;
      try {
        const answer = await fetch(wanted.url, { signal: this.coming.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        file = await this.loader.parseAsync(await answer.arrayBuffer(), "");
      } catch {
        if (wanted.url === this.source.url && !this.gone) this.fail(this.words.missing);
        return;
      }
      if (this.gone || wanted.url !== this.source.url) return;
      const stays = this.own && this.shot === wanted.shot && this.taken === undefined;
      this.shot = wanted.shot;
      this.put(file);
      this.state = "ready";
      const lost = file.scene.userData.left_out || 0;
      this.note = this.moved() ? this.words.moved : lost ? this.words.left_out.replace("{count}", lost) : file.scene.userData.coarser ? this.words.coarser : "";
      this.taken = undefined;
      if (!stays) this.home();
      this.draw();
    },
    put(file) {
      const THREE = this.three, told = file.scene.userData;
      this.clear();
      const parts = { group: new THREE.Group(), marks: new THREE.Group(), told, dispose: [] };
      file.scene.updateMatrixWorld(true);
      const camera = file.cameras[0];
      const yfov = camera.userData.yfov || [];
      this.film = {
        at: new THREE.Vector3().setFromMatrixPosition(camera.matrixWorld),
        turn: new THREE.Quaternion().setFromRotationMatrix(camera.matrixWorld),
        fov: (camera.fov * Math.PI) / 180,
        path: this.pathOf(file.animations), widest: Math.max(...yfov, 0),
      };
      const focus = new THREE.Vector3(...told.focus);
      const ahead = new THREE.Vector3(0, 0, -1).applyQuaternion(this.film.turn);
      const reach = focus.clone().sub(this.film.at).dot(ahead);
      this.film.aim = this.film.at.clone().addScaledVector(ahead, Math.max(0.6, reach));
      this.film.focus = focus;
      parts.group.add(...this.gathered(file.scene));
      parts.subjects = this.subjectsOf(file.scene);
      this.subjects = parts.subjects.map((one) => one.id).join(" ");
      this.light(parts, file.scene, told);
      this.world.add(parts.group, parts.marks);
      this.parts = parts;
      this.drawPath(parts);
      this.renderer.shadowMap.needsUpdate = true;
    },
    clear() {
      if (!this.parts) return;
      for (const root of [this.parts.group, this.parts.marks]) {
        this.world.remove(root);
        root.traverse((one) => {
          if (one.geometry) one.geometry.dispose();
          for (const material of [one.material].flat()) if (material) material.dispose();
          if (one.isLight && one.shadow && one.shadow.map) one.shadow.map.dispose();
        });
      }
      this.parts = null;
    },
    // Where each subject is: the middle of its top.
    subjectsOf(scene) {
      const found = new Map();
      scene.traverse((one) => {
        const name = one.userData.subject;
        if (!name) return;
        if (!found.has(name)) found.set(name, new this.three.Box3());
        found.get(name).expandByObject(one);
      });
      return [...found].map(([id, box]) => ({ id, top: box.getCenter(new this.three.Vector3()).setY(box.max.y) }));
    },
    // Copies of one mesh are drawn at once.
    gathered(scene) {
      const THREE = this.three, groups = new Map(), made = [];
      scene.traverse((one) => {
        if (!one.isMesh) return;
        const key = one.geometry.uuid + one.material.uuid;
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push(one);
      });
      for (const copies of groups.values()) {
        const { geometry, material } = copies[0];
        const clear = material.transparent;
        const drawn = copies.length > 1 ? new THREE.InstancedMesh(geometry, material, copies.length) : new THREE.Mesh(geometry, material);
        if (copies.length > 1) copies.forEach((one, k) => drawn.setMatrixAt(k, one.matrixWorld));
        else { drawn.matrixAutoUpdate = false; drawn.matrix.copy(copies[0].matrixWorld); }
        drawn.castShadow = !clear;
        drawn.receiveShadow = true;
        made.push(drawn);
      }
      return made;
    },
    // Light to work by: from where the film has it, bright enough at night too.
    light(parts, scene, told) {
      const THREE = this.three;
      const shown = (rgb, least) => {
        const seen = rgb.map((c) => (c * told.exposure) / (1 + 0.6 * c * told.exposure));
        const lift = Math.max(1, least / Math.max(...seen, 1e-4));
        return new THREE.Color(...seen.map((c) => Math.min(1, c * lift)));
      };
      const zenith = shown(told.sky.zenith, 0.05), horizon = shown(told.sky.horizon, 0.09), ground = shown(told.sky.ground, 0.08);
      let sun = null;
      scene.traverse((one) => { if (one.isDirectionalLight) sun = one; });
      const from = new THREE.Vector3(0, 0, 1).applyQuaternion(sun.getWorldQuaternion(new THREE.Quaternion()));
      const key = new THREE.DirectionalLight(sun.color, 2.2);
      const size = Math.min(told.reach * 1.6, 60);
      key.position.copy(this.film.focus).addScaledVector(from, 4 * size);
      key.target.position.copy(this.film.focus);
      key.castShadow = true;
      key.shadow.mapSize.set(2048, 2048);
      key.shadow.normalBias = 0.0015 * size;
      Object.assign(key.shadow.camera, { left: -size, right: size, top: size, bottom: -size, near: 0.1, far: 8 * size });
      const white = new THREE.Color(1, 1, 1);
      parts.group.add(key, key.target, new THREE.HemisphereLight(zenith.clone().lerp(white, 0.6), ground.clone().lerp(white, 0.4), 2.2));
      const dome = new THREE.SphereGeometry(7000, 24, 16);
      const place = dome.getAttribute("position"), colours = new Float32Array(place.count * 3);
      for (let k = 0; k < place.count; k++) {
        const up = Math.max(0, place.getY(k) / 7000);
        horizon.clone().lerp(zenith, Math.sqrt(up)).toArray(colours, 3 * k);
      }
      dome.setAttribute("color", new THREE.BufferAttribute(colours, 3));
      parts.dome = new THREE.Mesh(dome, new THREE.MeshBasicMaterial({ vertexColors: true, side: THREE.BackSide, fog: false, depthWrite: false }));
      parts.dome.renderOrder = -1;
      parts.group.add(parts.dome);
      this.world.fog = told.indoor ? null : new THREE.Fog(horizon, 120, 9000);
    },

    // The camera's way -------------------------------------------------------------------------------------------------
    pathOf(animations) {
      const tracks = animations.length ? animations[0].tracks : [];
      const positions = tracks.find((one) => one.name.endsWith(".position")), turns = tracks.find((one) => one.name.endsWith(".quaternion"));
      if (!positions || !turns) return null;
      const points = [], looks = [];
      for (let k = 0; k < positions.times.length; k++) {
        points.push(new this.three.Vector3().fromArray(positions.values, 3 * k));
        looks.push(new this.three.Quaternion().fromArray(turns.values, 4 * k));
      }
      return { points, looks, times: positions.times };
    },
    drawPath(parts) {
      const THREE = this.three, tone = getComputedStyle(this.$el).getPropertyValue("--accent").trim() || "orange";
      const colour = new THREE.Color(tone), far = this.film.at.distanceTo(this.film.focus);
      this.size = Math.max(0.06, 0.15 * far);
      const both = (made) => { // what lies behind something shines through
        const seen = new THREE.MeshBasicMaterial({ color: colour, fog: false, toneMapped: false });
        const through = new THREE.MeshBasicMaterial({ color: colour, fog: false, toneMapped: false, transparent: true, opacity: 0.3, depthTest: false });
        const group = new THREE.Group();
        group.add(new THREE.Mesh(made, seen), new THREE.Mesh(made, through));
        group.children[1].renderOrder = 5;
        return group;
      };
      const path = this.film.path;
      if (path) {
        const apart = [];
        for (const point of path.points) if (!apart.length || point.distanceTo(apart.at(-1)) > 0.02 * this.size) apart.push(point);
        if (apart.length > 1) {
          const curve = new THREE.CatmullRomCurve3(apart);
          parts.marks.add(both(new THREE.TubeGeometry(curve, Math.min(400, 4 * apart.length), 0.05 * this.size, 8)));
        }
        for (const k of [0, path.points.length - 1]) this.cameraMark(parts, path.points[k], path.looks[k], colour, 0.45, 0.7);
      }
      this.cameraMark(parts, this.film.at, this.film.turn, colour, 1, 1);
    },
    cameraMark(parts, at, turn, colour, strength, size) {
      const THREE = this.three, high = Math.tan(this.film.fov / 2) * this.size * size * 1.4, wide = high * this.source.ratio, deep = this.size * size * 1.4;
      const corners = [[-wide, -high, -deep], [wide, -high, -deep], [wide, high, -deep], [-wide, high, -deep]];
      const lines = [];
      corners.forEach((one, k) => lines.push(0, 0, 0, ...one, ...one, ...corners[(k + 1) % 4]));
      lines.push(-0.35 * wide, high, -deep, 0, 1.35 * high, -deep, 0, 1.35 * high, -deep, 0.35 * wide, high, -deep);
      const shape = new THREE.BufferGeometry();
      shape.setAttribute("position", new THREE.Float32BufferAttribute(lines, 3));
      const mark = new THREE.LineSegments(shape, new THREE.LineBasicMaterial({ color: colour, transparent: true, opacity: strength, fog: false, toneMapped: false, depthTest: false }));
      mark.position.copy(at);
      mark.quaternion.copy(turn);
      mark.renderOrder = 6;
      parts.marks.add(mark);
    },
    // Through the film's own camera its way would only be in the way.
    marks() { this.parts.marks.visible = this.own && this.eye.position.distanceTo(this.film.at) > 0.8 * this.size; },

    // The names of the nearest subjects, over them; not through the film's camera, where the picture is as filmed.
    tag() {
      const tags = [];
      for (const one of this.own ? this.parts.subjects : []) {
        const seen = one.top.clone().project(this.eye);
        const [x, y] = [((1 + seen.x) * this.width) / 2, ((1 - seen.y) * this.height) / 2];
        if (seen.z < 1 && x > 0 && y > 0 && x < this.width && y < this.height)
          tags.push({ id: one.id, name: this.source.names[one.id] || one.id, x: Math.round(x), y: Math.round(y), far: this.eye.position.distanceTo(one.top) });
      }
      this.tags = tags.sort((a, b) => a.far - b.far).slice(0, TAGS_MAX);
      const high = (one) => this.tags.some((other) => other !== one && other.far < one.far && Math.abs(other.x - one.x) < 90 && Math.abs(other.y - one.y) < 24);
      for (const one of this.tags) while (high(one)) one.y -= 8;
    },

    // Views ------------------------------------------------------------------------------------------------------------
    look(from, at) {
      this.eye.position.copy(from);
      this.controls.target.copy(at);
      this.controls.update();
      this.draw();
    },
    home() {
      if (!this.film) return;
      Object.assign(this, { own: false, above: false });
      this.setFov(this.film.fov);
      this.look(this.film.at, this.film.aim);
    },
    // From above, so that the way of the camera and the action are seen at once.
    overview() {
      if (!this.film) return;
      const THREE = this.three, box = new THREE.Box3().setFromCenterAndSize(this.film.focus, new THREE.Vector3(2, 2, 2));
      for (const point of this.film.path ? this.film.path.points : [this.film.at]) box.expandByPoint(point);
      for (const one of this.parts.subjects.slice(0, TAGS_MAX)) if (one.top.distanceTo(this.film.focus) < 3 * box.getSize(new THREE.Vector3()).length()) box.expandByPoint(one.top);
      const ball = box.getBoundingSphere(new THREE.Sphere());
      const back = this.film.at.clone().sub(this.film.focus);
      const side = Math.atan2(back.x, back.z) + 0.7, rise = 0.62;
      const way = new THREE.Vector3(Math.sin(side) * Math.cos(rise), Math.sin(rise), Math.cos(side) * Math.cos(rise));
      Object.assign(this, { own: true, above: true });
      this.setFov(2 * Math.atan(HALF_GATE / OVERVIEW_LENS));
      const narrow = Math.min(this.fov, 2 * Math.atan(Math.tan(this.fov / 2) * this.source.ratio));
      this.look(ball.center.clone().addScaledVector(way, (0.8 * ball.radius) / Math.sin(narrow / 2)), ball.center);
    },
    setFov(fov) {
      this.fov = fov;
      this.lens = Math.round(Math.min(400, Math.max(8, HALF_GATE / Math.tan(fov / 2))) * 10) / 10;
      this.measure();
    },
    fit(lens) {
      this.own = true;
      this.setFov(2 * Math.atan(HALF_GATE / lens));
    },
    typed(event) {
      const turns = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      const nearer = { "+": 0.9, "=": 0.9, "-": 1 / 0.9 }[event.key];
      if (!this.ready || event.ctrlKey || event.metaKey || event.altKey || !(turns || nearer || event.key === "Home")) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Home") { this.home(); return; }
      Object.assign(this, { own: true, above: false });
      const line = this.eye.position.clone().sub(this.controls.target);
      if (nearer) line.multiplyScalar(nearer);
      else if (event.shiftKey) {
        const move = new this.three.Vector3(turns[0], -turns[1], 0).multiplyScalar(0.05 * line.length()).applyQuaternion(this.eye.quaternion);
        this.controls.target.add(move);
      } else {
        const round = new this.three.Spherical().setFromVector3(line);
        round.theta += turns[0] * STEP;
        round.phi = Math.min(Math.PI - 0.02, Math.max(0.02, round.phi + turns[1] * STEP));
        line.setFromSpherical(round);
      }
      this.look(this.controls.target.clone().add(line), this.controls.target);
    },

    // Taking -----------------------------------------------------------------------------------------------------------
    take() {
      const round = (vector) => vector.toArray().map((c) => Math.round(c * 1000) / 1000);
      this.taken = this.eye.position.clone();
      this.$emit("take", { position: round(this.eye.position), aim: round(this.controls.target), fov: this.fov, keep: this.keep });
    },
    // Whether the camera that was taken does not stand where it was taken: walls and ground hold it.
    moved() { return this.taken !== undefined && !this.keep && this.taken.distanceTo(this.film.at) > 0.05; },
  },
};
