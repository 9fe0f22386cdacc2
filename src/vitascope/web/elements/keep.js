// Keeps a text in this browser, for the page that is open in this tab; what lasts is there for the next page of this film, too.

export default {
  inheritAttrs: false,
  props: { name: String, lasts: Boolean },
  render() { return null; },
  mounted() { this.$emit("found", this.read()); },
  methods: {
    read() {
      try {
        return sessionStorage.getItem(this.name) ?? ((this.lasts && localStorage.getItem(this.name)) || "");
      } catch { return ""; }
    },
    write(text) {
      try {
        sessionStorage.setItem(this.name, text);
        if (this.lasts && text) localStorage.setItem(this.name, text);
        else localStorage.removeItem(this.name);
      } catch { /* the browser keeps nothing, or is full: it holds as long as the page is open */ }
    },
  },
};
