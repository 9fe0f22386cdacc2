// What an unmodified openai-node does against a server of the Videos API, one check after the other.
//
//     node openai_client.mjs http://127.0.0.1:8000/v1 KEY
//
// Prints the same lines as ../openai_client.py: {"check", "state": "passed" | "failed" | "absent", "detail", "seconds"}.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { deflateSync } from "node:zlib";
import OpenAI, { toFile } from "openai";

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, timeout: 240_000 });
const BALL = "A red ball on a plain backdrop";
const TINY = { seconds: "1", size: "128x128", seed: 7, audio: false };
const LONG = { prompt: "A boat on the sea", seconds: "8", size: "128x128", audio: false };
const TOLD = `${BALL}, silent, 1 second, 128x128`;
// Other ones than those of the Python client, so that none is shown the film that another one talked about.
const SEED = 7_000;
const PATIENCE_MS = 240_000;

class Absent extends Error {}

const state = { film: null, mp4: null };

const checks = {
  "models": async () => {
    const names = [];
    for await (const model of client.models.list()) names.push(model.id);
    assert(names.includes("sora-2"), String(names));
    assert.equal((await client.models.retrieve("sora-2")).id, "sora-2");
    return names.join(", ");
  },

  "create_and_poll": async () => {
    // openai-node has no createAndPoll for videos: its users write this loop.
    const film = await made(await client.videos.create({ prompt: BALL, model: "sora-2", ...TINY }));
    assert.deepEqual([film.object, film.progress, film.error], ["video", 100, null]);
    assert.deepEqual([film.seconds, film.size, film.prompt, film.seed], ["1", "128x128", BALL, 7]);
    state.film = film;
    return `engine ${film.engine}`;
  },

  "poll header": async () => {
    const { response } = await client.videos.retrieve(state.film.id).withResponse();
    const ms = Number(response.headers.get("openai-poll-after-ms"));
    assert(ms > 0);
    return `${ms} ms`;
  },

  "download video": async () => {
    state.mp4 = await downloaded("video");
    assert.equal(state.mp4.toString("latin1", 4, 8), "ftyp");
    return `${state.mp4.length} bytes`;
  },

  "download thumbnail": async () => {
    const found = await downloaded("thumbnail");
    assert.deepEqual([found.toString("latin1", 0, 4), found.toString("latin1", 8, 12)], ["RIFF", "WEBP"]);
    return `${found.length} bytes`;
  },

  "download spritesheet": async () => {
    const found = await downloaded("spritesheet");
    assert.equal(found.toString("hex", 0, 3), "ffd8ff");
    return `${found.length} bytes`;
  },

  "download in parts": async () => {
    const reply = await client.videos.downloadContent(state.film.id, {}, { headers: { Range: "bytes=4-7" } });
    assert.deepEqual([reply.status, await reply.text()], [206, "ftyp"]);
    return reply.headers.get("content-range");
  },

  "asynchronous client": async () => {
    throw new Absent("openai-node is asynchronous throughout");
  },

  "remix": async () => {
    const film = await made(await client.videos.remix(state.film.id, { prompt: "make the ball blue" }));
    assert.deepEqual([film.remixed_from_video_id, film.seconds, film.size], [state.film.id, "1", "128x128"]);
    return film.said;
  },

  "edit by reference": async () => {
    const film = await made(await client.videos.edit({ prompt: "make the ball green", video: { id: state.film.id } }));
    assert.deepEqual([film.parent_id, film.operation], [state.film.id, "edit"]);
    return film.said;
  },

  "edit by file": async () => {
    const video = await toFile(state.mp4, "film.mp4", { type: "video/mp4" });
    const film = await made(await client.videos.edit({ prompt: "make the ball yellow", video }));
    assert.equal(film.parent_id, state.film.id);
    return film.said;
  },

  "extend by reference": async () => {
    const wish = { prompt: "continue", seconds: "1", video: { id: state.film.id } };
    const film = await made(await client.videos.extend(wish));
    assert.equal(film.seconds, "2");
    assert(film.reused.frames > 0, JSON.stringify(film.reused));
    return `${film.seconds} s, ${film.reused.words}`;
  },

  "extend as JSON": async () => {
    const body = { prompt: "continue", seconds: "1", video: { id: state.film.id } };
    const film = await made(await client.post("/videos/extensions", { body }));
    assert.equal(film.seconds, "2");
    return `${film.seconds} s`;
  },

  "characters": async () => {
    const video = await toFile(state.mp4, "film.mp4", { type: "video/mp4" });
    const { id } = await client.videos.createCharacter({ name: "Rosso", video });
    const found = await client.videos.getCharacter(id);
    assert.deepEqual([found.id, found.name], [id, "Rosso"]);
    const wish = { prompt: "Rosso on a plain backdrop", seconds: "1", size: "128x128", audio: false };
    const film = await made(await client.videos.create({ ...wish, characters: [{ id }] }));
    return `${id} plays in ${film.id}`;
  },

  "picture is refused": async () => {
    const wish = { prompt: BALL, seconds: "1", size: "128x128" };
    const input_reference = await toFile(png(128, 128), "first.png", { type: "image/png" });
    const fault = await refused(OpenAI.BadRequestError, () => client.videos.create({ ...wish, input_reference }));
    assert.equal(fault.param, "input_reference");
    const image_url = `data:image/png;base64,${png(128, 128).toString("base64")}`;
    const again = await refused(OpenAI.BadRequestError, () =>
      client.videos.create({ ...wish, input_reference: { image_url } }),
    );
    assert.equal(again.param, "input_reference");
    return fault.message;
  },

  "list by pages": async () => {
    const page = await client.videos.list({ limit: 2 });
    assert.deepEqual([page.data.length, page.has_more], [2, true]);
    const newestFirst = await ids({ limit: 2 });
    const oldestFirst = await ids({ limit: 3, order: "asc" });
    assert(newestFirst.includes(state.film.id));
    assert.equal(new Set(newestFirst).size, newestFirst.length);
    assert.deepEqual(newestFirst, oldestFirst.reverse());
    return `${newestFirst.length} films`;
  },

  "error 400": async () => {
    const fault = await refused(OpenAI.BadRequestError, () =>
      client.videos.create({ prompt: BALL, size: "wide", seconds: "1" }),
    );
    assert.deepEqual([fault.status, fault.param], [400, "size"]);
    assert(fault.requestID);
    return fault.message;
  },

  "error 401": async () => {
    const stranger = new OpenAI({ baseURL, apiKey: `vsk_${"x".repeat(43)}` });
    const fault = await refused(OpenAI.AuthenticationError, () => stranger.videos.list());
    assert.deepEqual([fault.status, fault.code], [401, "invalid_api_key"]);
    return fault.message;
  },

  "error 404": async () => {
    const fault = await refused(OpenAI.NotFoundError, () => client.videos.retrieve("video_nothinghasthisid"));
    assert.equal(fault.status, 404);
    return fault.message;
  },

  "error 409": async () => {
    const film = await client.videos.create(LONG);
    const fault = await refused(OpenAI.ConflictError, () => client.videos.downloadContent(film.id));
    assert.deepEqual([fault.status, fault.headers.get("x-should-retry")], [409, "false"]);
    await client.videos.delete(film.id);
    return fault.message;
  },

  "cancel": async () => {
    const film = await client.videos.create(LONG);
    await client.post(`/videos/${film.id}/cancel`);
    const end = await ended(film);
    assert(!["queued", "in_progress", "completed"].includes(end.status), end.status);
    await client.videos.delete(film.id);
    return end.status;
  },

  "webhooks": async () => {
    const { url, next, close } = await receiver();
    try {
      const wanted = { name: "conformance", url, event_types: ["video.completed"] };
      const endpoint = await client.webhooks.create(wanted);
      const secret = endpoint.signing_secret ?? endpoint.secret;
      const film = await client.videos.create({ prompt: BALL, ...TINY });
      const { body, headers } = await next(film.id);
      const event = await client.webhooks.unwrap(body, headers, secret);
      assert.deepEqual([event.type, event.data.id], ["video.completed", film.id]);
      const forged = body.replace("video.completed", "video.failed");
      await refused(OpenAI.InvalidWebhookSignatureError, () => client.webhooks.unwrap(forged, headers, secret));
      await client.webhooks.delete(endpoint.id);
      return `${event.type} to an endpoint made by webhooks.create`;
    } finally {
      close();
    }
  },

  "files and batches": async () => {
    const body = { prompt: BALL, ...TINY };
    const line = JSON.stringify({ custom_id: "one", method: "POST", url: "/v1/videos", body });
    const jobs = await toFile(Buffer.from(`${line}\n`), "jobs.jsonl");
    const file = await client.files.create({ file: jobs, purpose: "batch" });
    const wish = { input_file_id: file.id, endpoint: "/v1/videos", completion_window: "24h" };
    let batch = await client.batches.create(wish);
    const end = Date.now() + PATIENCE_MS;
    while (["validating", "in_progress", "finalizing"].includes(batch.status) && Date.now() < end) {
      await pause(1000);
      batch = await client.batches.retrieve(batch.id);
    }
    assert.deepEqual([batch.status, batch.request_counts.completed], ["completed", 1], JSON.stringify(batch));
    const text = await (await client.files.content(batch.output_file_id)).text();
    const answer = JSON.parse(text.split("\n")[0]);
    assert.deepEqual([answer.custom_id, answer.response.status_code], ["one", 200]);
    return `${batch.id}, the film is ${answer.response.body.id}`;
  },

  "chat": async () => {
    const reply = await client.chat.completions.create({ model: "sora-2", messages: says(TOLD) });
    assert.equal(reply.choices[0].finish_reason, "stop");
    return playable(reply.choices[0].message.content);
  },

  "chat stream": async () => {
    const stream_options = { include_usage: true };
    const wish = { model: "sora-2", messages: says(TOLD), seed: SEED, stream: true, stream_options };
    let [answer, thoughts, usage] = ["", "", null];
    const ends = [];
    for await (const chunk of await client.chat.completions.create(wish)) {
      usage = chunk.usage ?? usage;
      for (const choice of chunk.choices) {
        answer += choice.delta.content ?? "";
        thoughts += choice.delta.reasoning_content ?? "";
        if (choice.finish_reason) ends.push(choice.finish_reason);
      }
    }
    assert.deepEqual(ends, ["stop"]);
    assert(usage && thoughts);
    return playable(answer);
  },

  "chat stream helper": async () => {
    const stream = client.chat.completions.stream({ model: "sora-2", messages: says(TOLD) });
    let told = "";
    stream.on("content", (piece) => (told += piece));
    const final = await stream.finalChatCompletion();
    assert.equal(told, final.choices[0].message.content);
    return playable(told);
  },

  "chat goes on": async () => {
    const first = (await client.chat.completions.create({ model: "sora-2", messages: says(TOLD) })).choices[0].message;
    const messages = [...says(TOLD), { role: "assistant", content: first.content }, ...says("make the ball blue")];
    const second = (await client.chat.completions.create({ model: "sora-2", messages })).choices[0].message;
    playable(second.content);
    assert.notEqual(second.content, first.content);
    return second.content.split("\n")[0];
  },

  "chat housekeeping": async () => {
    const before = (await client.videos.list({ limit: 1 })).data.map((film) => film.id);
    const task = "### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.";
    const reply = await client.chat.completions.create({ model: "sora-2", messages: says(task) });
    const after = (await client.videos.list({ limit: 1 })).data.map((film) => film.id);
    assert.deepEqual(after, before);
    return reply.choices[0].message.content.trim().slice(0, 80);
  },

  "responses": async () => {
    const reply = await client.responses.create({ model: "sora-2", input: TOLD });
    assert.equal(reply.status, "completed");
    return playable(reply.output_text);
  },

  "responses stream": async () => {
    const events = [];
    const wish = { model: "sora-2", input: TOLD, seed: SEED + 1, stream: true };
    for await (const event of await client.responses.create(wish)) {
      events.push(event);
    }
    assert.deepEqual([events[0].type, events.at(-1).type], ["response.created", "response.completed"]);
    const numbers = events.map((event) => event.sequence_number);
    assert(numbers.every((number, place) => place === 0 || number > numbers[place - 1]));
    const message = events.at(-1).response.output.find((item) => item.type === "message");
    return playable(message.content[0].text);
  },

  "responses stream helper": async () => {
    const stream = client.responses.stream({ model: "sora-2", input: TOLD });
    let told = "";
    for await (const event of stream) if (event.type === "response.output_text.delta") told += event.delta;
    const final = await stream.finalResponse();
    assert.equal(told, final.output_text);
    return playable(told);
  },

  "delete": async () => {
    assert.equal((await client.videos.delete(state.film.id)).deleted, true);
    await refused(OpenAI.NotFoundError, () => client.videos.retrieve(state.film.id));
    await refused(OpenAI.NotFoundError, () => client.videos.downloadContent(state.film.id));
    return state.film.id;
  },
};

async function ended(film) {
  const end = Date.now() + PATIENCE_MS;
  while (["queued", "in_progress"].includes(film.status) && Date.now() < end) {
    const { data, response } = await client.videos.retrieve(film.id).withResponse();
    film = data;
    await pause(Number(response.headers.get("openai-poll-after-ms") ?? 1000));
  }
  return film;
}

async function made(film) {
  film = await ended(film);
  assert.equal(film.status, "completed", JSON.stringify(film.error));
  return film;
}

async function downloaded(variant) {
  const reply = await client.videos.downloadContent(state.film.id, { variant });
  return Buffer.from(await reply.arrayBuffer());
}

async function ids(query) {
  const found = [];
  for await (const film of client.videos.list(query)) found.push(film.id);
  return found;
}

async function refused(kind, action) {
  try {
    await action();
  } catch (fault) {
    assert(fault instanceof kind, `${fault?.constructor?.name}: ${fault?.message}`);
    return fault;
  }
  assert.fail(`nothing was refused; wanted ${kind.name}`);
}

function says(content) {
  return [{ role: "user", content }];
}

function playable(text) {
  const url = /<video src="([^"]+)"/.exec(text)?.[1];
  assert(url?.includes(".mp4") && text.includes("[Download]("), text);
  return url.split("?")[0];
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function receiver() {
  const kept = [];
  const server = http.createServer(async (request, reply) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    kept.push({ body: Buffer.concat(pieces).toString(), headers: request.headers });
    reply.writeHead(200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const next = async (id) => {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      const found = kept.find((event) => JSON.parse(event.body).data.id === id);
      if (found) return found;
      await pause(100);
    }
    throw new Error(`no event about ${id} came`);
  };
  return { url: `http://127.0.0.1:${server.address().port}/hook`, next, close: () => server.close() };
}

function png(width, height) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const rows = Buffer.alloc((width + 1) * height, 0x80);
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function lineOf(fault) {
  const places = [...String(fault?.stack).matchAll(/openai_client\.mjs:(\d+)/g)];
  return places.length ? ` in line ${places[0][1]}` : "";
}

for (const [check, run] of Object.entries(checks)) {
  const start = Date.now();
  let [outcome, detail] = ["passed", ""];
  try {
    detail = String(await run());
  } catch (fault) {
    outcome = fault instanceof Absent ? "absent" : "failed";
    detail = outcome === "absent" ? fault.message : `${fault?.constructor?.name}${lineOf(fault)}: ${fault?.message}`;
  }
  console.log(JSON.stringify({ check, state: outcome, detail, seconds: (Date.now() - start) / 1000 }));
}
process.exit(0);
