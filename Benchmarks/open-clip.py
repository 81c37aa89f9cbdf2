#!/usr/bin/env python3
"""Loads a model that audit-cli wrote in open_clip, and compares embeddings of a crawl's images and captions.

    open-clip.py MODEL_FOLDER CRAWL [--audit-cli PATH] [--pairs 64]

CRAWL is a folder of webdataset shards with images whose shorter edge is below twice the model's, which audit-cli decodes at full size. Prints the
largest difference of any component and exits with 1 where it is above 1e-4.
Needs open_clip_torch (PyPI), and a release build of audit-cli.
"""
import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

TOLERANCE = 1e-4


def open_clip_embeddings(folder, samples):
    """What a user of open_clip writes."""
    import torch
    import open_clip
    from PIL import Image

    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    tokenizer = open_clip.SimpleTokenizer(bpe_path=f"{folder}/merges.txt.gz", context_length=model.context_length)
    model.eval()
    with torch.no_grad():
        images = torch.stack([preprocess(Image.open(io.BytesIO(image)).convert("RGB")) for image, _ in samples])
        captions = tokenizer([caption for _, caption in samples])
        return (model.encode_image(images, normalize=True).numpy(), model.encode_text(captions, normalize=True).numpy())


def crawl_samples(crawl, keys):
    """Bytes of the image, and the caption, of each key."""
    parts = {}
    for shard in sorted(Path(crawl).glob("*.tar")):
        with tarfile.open(shard) as tar:
            for member in tar:
                key, ending = member.name.split(".", 1)
                parts.setdefault(key, {})[ending] = tar.extractfile(member).read()
    samples = []
    for key in keys:
        part = parts[key]
        image = next(part[ending] for ending in ("jpg", "png", "webp") if ending in part)
        caption = part["txt"].decode() if "txt" in part else json.loads(part["json"])["caption"]
        samples.append((image, caption.strip()))
    return samples


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("crawl")
    parser.add_argument("--audit-cli", default=".build/release/audit-cli")
    parser.add_argument("--pairs", type=int, default=64)
    options = parser.parse_args()
    import numpy
    from safetensors.numpy import load_file

    with tempfile.TemporaryDirectory() as scratch:
        output = f"{scratch}/crawl.safetensors"
        subprocess.run(
            [options.audit_cli, "embed", options.model, options.crawl, "--out", output, "--keys", f"{scratch}/keys.txt", "--quiet"],
            check=True, stdout=subprocess.DEVNULL)
        ours = load_file(output)
        keys = Path(f"{scratch}/keys.txt").read_text().splitlines()
    rows = numpy.linspace(0, len(keys) - 1, min(options.pairs, len(keys))).astype(int)
    theirs = open_clip_embeddings(options.model, crawl_samples(options.crawl, [keys[row] for row in rows]))
    worst = 0
    for name, embeddings in zip(("images", "captions"), theirs):
        difference = float(numpy.abs(ours[name][rows] - embeddings).max())
        print(f"{name}: {len(rows)} embeddings, largest difference {difference:.1e}")
        worst = max(worst, difference)
    sys.exit(0 if worst <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
