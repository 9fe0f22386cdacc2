// A field for words that grows with them. Enter sends, Shift+Enter begins a line; ↑ in an empty field brings back what was said.
// What is typed, and what was sent and not yet taken, is kept in this tab over a reload.

export default {
  template: `
    <div class="saying">
      <p v-for="one in late" :key="one.key" class="unsent" role="status">{{ unsent }} {{ one.words }}</p>
      <form class="composer" @submit.prevent="send">
        <textarea ref="field" rows="1" :placeholder="placeholder" :aria-label="label" :maxlength="32000" :disabled="disabled" v-model="text"
          @keydown="typed" @input="grow"></textarea>
        <button type="submit" class="send" :disabled="disabled || (!wide && !text.trim())" :aria-label="action" :title="action + ' (Enter)'">
          <span v-if="wide">{{ action }}</span><i class="icon icon-send"></i></button>
      </form>
    </div>
  `,
  props: {
    placeholder: String, label: String, action: String, unsent: String, disabled: Boolean, wide: Boolean, autofocus: Boolean,
    name: String, // under which the tab keeps it
    again: Boolean, // whether what was not taken is sent again, or stands in the field
    about: String, // goes with what is sent
  },
  data() { return { text: "", said: [], at: 0, sent: [] }; },
  computed: { late() { return this.sent.filter((one) => one.late); } },
  watch: { text() { this.store(); } },
  mounted() {
    const { text = "", sent = [] } = this.stored();
    this.text = text;
    if (this.again) {
      this.sent = sent;
      for (const one of sent) this.emit(one);
    } else if (!text && sent.length) this.text = sent.at(-1).words;
    this.$nextTick(() => this.grow());
    if (this.autofocus && matchMedia("(min-width: 760px)").matches) this.$refs.field.focus();
  },
  methods: {
    send() {
      const words = this.text.trim();
      if (!words) this.$refs.field.focus();
      if (!words || this.disabled) return;
      this.said.push(words);
      this.at = this.said.length;
      const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const one = { key, words, about: this.about ?? "", late: !window.socket?.connected };
      this.sent.push(one);
      this.put("");
      this.store();
      this.emit(one);
    },
    emit({ key, words, about }) { this.$emit("say", { key, words, about }); },
    typed(event) {
      if (event.isComposing) return;
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.send(); }
      const up = event.key === "ArrowUp" && (!this.text || this.text === this.said[this.at]);
      const down = event.key === "ArrowDown" && this.text && this.text === this.said[this.at];
      if ((up && this.at > 0) || down) {
        event.preventDefault();
        this.at += up ? -1 : 1;
        this.put(this.said[this.at] || "");
      }
    },
    put(words) {
      this.text = words;
      this.$nextTick(() => this.grow());
    },
    grow() {
      const field = this.$refs.field;
      field.style.height = "auto";
      field.style.height = Math.min(field.scrollHeight, 200) + "px";
    },
    // Called from the server.
    edit(words) {
      this.put(words);
      this.$nextTick(() => { this.$refs.field.focus(); this.$refs.field.setSelectionRange(words.length, words.length); });
    },
    taken(key) {
      this.sent = this.sent.filter((one) => one.key !== key);
      this.store();
    },
    // ---- the tab
    stored() {
      try { return JSON.parse((this.name && sessionStorage.getItem(this.name)) || "{}"); } catch { return {}; }
    },
    store() {
      if (!this.name) return;
      try {
        if (this.text || this.sent.length) sessionStorage.setItem(this.name, JSON.stringify({ text: this.text, sent: this.sent }));
        else sessionStorage.removeItem(this.name);
      } catch { /* full or forbidden: it holds as long as the page is open */ }
    },
  },
};
