// A field for words that grows with them. Enter sends, Shift+Enter begins a line; ↑ in an empty field brings back what was said.

export default {
  template: `
    <form class="composer" @submit.prevent="send">
      <textarea ref="field" rows="1" :placeholder="placeholder" :aria-label="label" :maxlength="32000" :disabled="disabled" v-model="text"
        @keydown="typed" @input="grow"></textarea>
      <button type="submit" class="send" :disabled="disabled || !text.trim()" :aria-label="action" :title="action + ' (Enter)'">
        <span v-if="wide">{{ action }}</span><i class="icon icon-send"></i></button>
    </form>
  `,
  props: { placeholder: String, label: String, action: String, disabled: Boolean, wide: Boolean, autofocus: Boolean },
  data() { return { text: "", said: [], at: 0 }; },
  mounted() {
    this.grow();
    if (this.autofocus && matchMedia("(min-width: 760px)").matches) this.$refs.field.focus();
  },
  methods: {
    send() {
      const words = this.text.trim();
      if (!words || this.disabled) return;
      this.said.push(words);
      this.at = this.said.length;
      this.$emit("say", words);
      this.put("");
    },
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
    // Called from the server too.
    put(words) {
      this.text = words;
      this.$nextTick(() => this.grow());
    },
    edit(words) {
      this.put(words);
      this.$nextTick(() => { this.$refs.field.focus(); this.$refs.field.setSelectionRange(words.length, words.length); });
    },
    grow() {
      const field = this.$refs.field;
      field.style.height = "auto";
      field.style.height = Math.min(field.scrollHeight, 200) + "px";
    },
  },
};
