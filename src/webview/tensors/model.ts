import { msg, type Message } from "../../core/contract/index.js";
import type { Plane, Window } from "../../core/formats/tensors.js";
import type { OpenedTensors, TensorAnswer, TensorInfo, TensorQuestion, TensorToView, TensorWindow, ViewToTensor } from "../../core/protocol.js";
import { shortByteText } from "../../core/text/byteText.js";
import type { Counting } from "./facts.js";
import { covers } from "./viewport.js";

/** Arrays up to so many bytes are counted without being asked. */
const countedAtOnce = 512e6;

type Ask = { readonly id: number; readonly question: TensorQuestion };

/** What is known of the file and of the array that is looked at, and what has been asked about them. */
export class TensorModel {
  opened: OpenedTensors | undefined;
  index = 0;
  plane: Plane = { rowAxis: -1, colAxis: -1, index: [] };
  answer: TensorWindow | undefined;
  /** Why there is nothing to see of the file, or of the array. */
  fileFaults: readonly Message[] = [];
  windowFaults: readonly Message[] = [];
  /** The file is no longer what is shown. */
  stale: Message | undefined;
  /** What is being read, once the worker says so. */
  reading: { readonly fraction: number; readonly message: Message } | undefined;
  private readonly countings = new Map<number, Counting>();
  private readonly asks: { open?: Ask; window?: Ask; statistics?: Ask } = {};
  private last = 0;
  name = "";

  constructor(
    private readonly post: (message: ViewToTensor) => void,
    /** Something is to be drawn; `opened` when the file has just been opened. */
    private readonly changed: (opened: boolean) => void,
  ) {}

  get tensor(): TensorInfo | undefined {
    return this.opened?.tensors[this.index];
  }

  get counting(): Counting {
    return this.countings.get(this.index) ?? { kind: "waiting" };
  }

  /** Opens the file as it is now. */
  open(): void {
    this.opened = undefined;
    this.answer = undefined;
    this.fileFaults = [];
    this.windowFaults = [];
    this.stale = undefined;
    this.countings.clear();
    this.ask({ kind: "open" });
  }

  choose(index: number, plane: Plane): void {
    this.index = index;
    this.show(plane);
  }

  show(plane: Plane): void {
    this.plane = plane;
    this.answer = undefined;
    this.windowFaults = [];
    delete this.asks.window;
    if (this.asks.statistics && "tensor" in this.asks.statistics.question && this.asks.statistics.question.tensor !== this.index) this.stopCounting();
  }

  /** Asks for a window, unless what is seen of it is there or on its way. */
  need(seen: Window, window: Window): void {
    const { opened, asks } = this;
    if (!opened || this.stale || this.windowFaults.length > 0) return;
    if (this.answer && covers(this.answer.window, seen)) return;
    const asked = asks.window?.question;
    if (asked?.kind === "window" && covers(asked.window, seen)) return;
    this.ask({ kind: "window", version: opened.version, tensor: this.index, plane: this.plane, window });
  }

  count(): void {
    if (!this.opened || this.stale) return;
    this.countings.set(this.index, { kind: "running", fraction: 0, message: msg("Finding the range"), known: this.knownOf(this.index) });
    this.ask({ kind: "statistics", version: this.opened.version, tensor: this.index });
    this.changed(false);
  }

  stopCounting(): void {
    const asked = this.asks.statistics;
    if (asked?.question.kind !== "statistics") return;
    this.post({ type: "cancel", ask: asked.id });
    this.offer(asked.question.tensor, true);
    delete this.asks.statistics;
    this.changed(false);
  }

  private knownOf(tensor: number) {
    const counting = this.countings.get(tensor);
    return counting && "known" in counting ? counting.known : undefined;
  }

  private offer(tensor: number, stopped: boolean): void {
    this.countings.set(tensor, { kind: "offered", stopped, bytes: shortByteText(this.opened?.tensors[tensor]?.bytes ?? 0), known: this.knownOf(tensor) });
  }

  private ask(question: TensorQuestion): void {
    const id = ++this.last;
    this.asks[question.kind] = { id, question };
    this.reading = undefined;
    this.post({ type: "ask", ask: id, question });
  }

  /** The question that an ask's number belongs to, if it is still the newest of its kind. */
  private questionOf(id: number): TensorQuestion | undefined {
    return Object.values(this.asks).find((ask) => ask.id === id)?.question;
  }

  receive(message: Exclude<TensorToView, { type: "init" | "notice" }>): void {
    if (message.type === "stale") {
      this.stale = message.message;
      return this.changed(false);
    }
    const question = this.questionOf(message.ask);
    if (!question) return;
    if (message.type === "progress") {
      const { fraction, message: text, statistics } = message;
      if (question.kind === "statistics") this.countings.set(question.tensor, { kind: "running", fraction, message: text, known: statistics ?? this.knownOf(question.tensor) });
      else this.reading = { fraction, message: text };
      return this.changed(false);
    }
    delete this.asks[question.kind];
    this.reading = undefined;
    if (message.type === "answer") return this.answered(message.answer, question);
    if (message.type === "cancelled") {
      if (question.kind === "statistics") this.offer(question.tensor, true);
    } else {
      const sentences = message.type === "refused" ? message.problems.map((problem) => problem.message) : [message.message];
      if (question.kind === "open") this.fileFaults = sentences;
      else if (question.kind === "window") this.windowFaults = sentences;
      else this.countings.set(question.tensor, { kind: "failed", sentences });
    }
    this.changed(false);
  }

  private answered(answer: TensorAnswer, question: TensorQuestion): void {
    switch (answer.kind) {
      case "opened":
        this.opened = answer;
        return this.changed(true);
      case "window":
        this.answer = answer;
        this.changed(false);
        // What is looked at comes before what is counted.
        if (this.counting.kind !== "waiting") return;
        if ((this.tensor?.bytes ?? 0) <= countedAtOnce) return this.count();
        this.offer(this.index, false);
        return this.changed(false);
      case "statistics":
        if (question.kind === "statistics") this.countings.set(question.tensor, { kind: "done", known: answer.statistics });
        return this.changed(false);
      case "changed":
        this.stale = msg("{0} was changed after it was read.", this.name);
        return this.changed(false);
      case "resend":
        return;
    }
  }
}
