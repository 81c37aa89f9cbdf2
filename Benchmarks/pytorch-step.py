#!/usr/bin/env python3
"""One CLIP training step in PyTorch, the peer of audit-benchmark's `step`.

    pytorch-step.py CONFIG.json --batch 32 [--threads 1,2] [--seconds 10]

Builds open_clip's model from the same JSON configuration that audit-cli takes, and times forward, loss,
backward and AdamW (eager, channels last) for each thread count. Prints one JSON object for the best.
"""
import argparse
import json
import time

import torch


def import_open_clip():
    """open_clip imports torchvision, whose compiled part may not fit a CPU build of PyTorch; nothing of it
    is used here, so declaring the operators that its import looks for is enough."""
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(operator + "(Tensor boxes, Tensor scores, float threshold) -> Tensor")
    import open_clip.model
    return open_clip.model.CLIP, library


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("config")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--seconds", type=float, default=10)
    arguments = parser.parse_args()

    CLIP, _library = import_open_clip()
    configuration = json.load(open(arguments.config))
    known = {key: configuration[key] for key in ("embed_dim", "vision_cfg", "text_cfg")}
    torch.manual_seed(0)
    model = CLIP(**known, quick_gelu=configuration.get("quick_gelu", False))
    model = model.to(memory_format=torch.channels_last).train()
    decay = [p for p in model.parameters() if p.ndim >= 2]
    rest = [p for p in model.parameters() if p.ndim < 2]
    optimiser = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0}], lr=5e-4)
    size = configuration["vision_cfg"]["image_size"]
    text = configuration["text_cfg"]
    images = torch.randn(arguments.batch, 3, size, size).to(memory_format=torch.channels_last)
    tokens = torch.randint(1, text["vocab_size"] - 1, (arguments.batch, text["context_length"]))
    tokens[:, -1] = text["vocab_size"] - 1
    target = torch.arange(arguments.batch)

    def step():
        optimiser.zero_grad(set_to_none=True)
        image, caption, scale = model(images, tokens)
        logits = scale * image @ caption.T
        loss = (torch.nn.functional.cross_entropy(logits, target)
                + torch.nn.functional.cross_entropy(logits.T, target)) / 2
        loss.backward()
        optimiser.step()

    results = {}
    for threads in map(int, arguments.threads.split(",")):
        torch.set_num_threads(threads)
        step()
        times = []
        start = time.perf_counter()
        while time.perf_counter() - start < arguments.seconds or len(times) < 3:
            before = time.perf_counter()
            step()
            times.append(time.perf_counter() - before)
            if times[0] > 1.5 * min(results.values(), default=times[0]):
                break  # Another thread count is faster for certain.
        results[threads] = sorted(times)[len(times) // 2]
    best = min(results, key=results.get)
    print(json.dumps({
        "peer": f"PyTorch {torch.__version__}", "threads": best, "secondsPerStep": results[best],
        "imagesPerSecond": arguments.batch / results[best],
        "secondsPerStepByThreads": results}))


main()
