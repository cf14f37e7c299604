"""Trains a small neural network by gradient descent: real work, nothing but Python.

Reads $SUBLET_DATA/moons.csv, writes metrics.csv, checkpoints and the final model to
$SUBLET_OUTPUT, and goes on from the newest checkpoint when $SUBLET_RESUME is 1.
"""

import csv
import json
import math
import os
import random
import time
from pathlib import Path

DATA = Path(os.environ.get("SUBLET_DATA", "data"))
OUTPUT = Path(os.environ.get("SUBLET_OUTPUT", "output"))
EPOCHS = int(os.environ.get("EPOCHS", "12"))
HIDDEN = 24
LEARNING_RATE = 0.004


def load():
    with open(DATA / "moons.csv", newline="") as file:
        rows = [[float(value) for value in row] for row in csv.reader(file)]
    random.Random(0).shuffle(rows)
    cut = len(rows) * 4 // 5
    return rows[:cut], rows[cut:]


def new_model(width):
    rng = random.Random(1)
    return {
        "inner": [[rng.gauss(0, 0.8) for _ in range(width + 1)] for _ in range(HIDDEN)],
        "outer": [rng.gauss(0, 0.3) for _ in range(HIDDEN + 1)],
    }


def forward(model, features):
    hidden = [math.tanh(row[-1] + sum(w * x for w, x in zip(row, features))) for row in model["inner"]]
    score = model["outer"][-1] + sum(w * h for w, h in zip(model["outer"], hidden))
    return hidden, 1 / (1 + math.exp(-max(-30, min(30, score))))


def learn(model, features, label):
    hidden, p = forward(model, features)
    step = LEARNING_RATE * (p - label)
    outer = model["outer"]
    for unit, h in enumerate(hidden):
        inner_step = step * outer[unit] * (1 - h * h)
        row = model["inner"][unit]
        for index, value in enumerate(features):
            row[index] -= inner_step * value
        row[-1] -= inner_step
        outer[unit] -= step * h
    outer[-1] -= step


def evaluate(model, rows):
    loss = hits = 0.0
    for *features, label in rows:
        p = min(1 - 1e-9, max(1e-9, forward(model, features)[1]))
        loss -= label * math.log(p) + (1 - label) * math.log(1 - p)
        hits += (p >= 0.5) == (label == 1)
    return loss / len(rows), hits / len(rows)


def newest_checkpoint():
    found = sorted((OUTPUT / "checkpoints").glob("epoch-*.json"))
    if os.environ.get("SUBLET_RESUME") != "1" or not found:
        return None
    return json.loads(found[-1].read_text())


def main():
    train, test = load()
    (OUTPUT / "checkpoints").mkdir(parents=True, exist_ok=True)
    resumed = newest_checkpoint()
    model = resumed["model"] if resumed else new_model(len(train[0]) - 1)
    first = resumed["epoch"] + 1 if resumed else 1
    print(f"{len(train)} rows to learn from, {len(test)} to test on", flush=True)
    with open(OUTPUT / "metrics.csv", "a", newline="") as file:
        metrics = csv.writer(file)
        if first == 1:
            metrics.writerow(["epoch", "loss", "accuracy", "seconds"])
        for epoch in range(first, EPOCHS + 1):
            began = time.perf_counter()
            for _ in range(6):
                for *features, label in train:
                    learn(model, features, label)
            loss, accuracy = evaluate(model, test)
            seconds = time.perf_counter() - began
            metrics.writerow([epoch, f"{loss:.6f}", f"{accuracy:.4f}", f"{seconds:.2f}"])
            file.flush()
            partial = OUTPUT / "checkpoints" / f".epoch-{epoch:03}.partial"
            partial.write_text(json.dumps({"epoch": epoch, "model": model}))
            partial.rename(OUTPUT / "checkpoints" / f"epoch-{epoch:03}.json")
            print(f"epoch {epoch:3}/{EPOCHS}  loss {loss:.4f}  accuracy {accuracy:.1%}  {seconds:.1f} s", flush=True)
    loss, accuracy = evaluate(model, test)
    (OUTPUT / "model.json").write_text(json.dumps({"model": model, "accuracy": accuracy}))
    print(f"saved model.json, accuracy {accuracy:.1%}", flush=True)


if __name__ == "__main__":
    main()
