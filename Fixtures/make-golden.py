"""Makes golden cases of small CLIP models with PyTorch and open_clip.

Usage: python3 Fixtures/make-golden.py [case ...]      (all cases by default)

Needs torch, open_clip_torch and safetensors; made with torch 2.13 (CPU) and open_clip 3.3.
torchvision is not used: a stub stands in for it, so that its version does not matter.

Each case becomes three files in Fixtures/golden: the configuration, the weights, and the inputs
with what open_clip makes of them (embeddings and loss in training mode, the gradient of every
parameter, batch-norm statistics after that step, embeddings in evaluation mode after it, the losses
of four AdamW steps). Everything is drawn from the seeds below.
"""

import importlib.machinery
import json
import pathlib
import sys
import types

import torch
from safetensors.torch import save_file


class StubModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"NEAREST": "nearest", "BILINEAR": "bilinear", "BICUBIC": "bicubic"})


class StubFinder:
    """Finds an empty torchvision, and no timm."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "timm":
            raise ImportError("timm is not used")
        if name.split(".")[0] == "torchvision":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = StubModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, StubFinder())

from open_clip.loss import ClipLoss  # noqa: E402
from open_clip.model import CLIP  # noqa: E402

FOLDER = pathlib.Path(__file__).parent / "golden"

# name: (configuration, batch, seed, learning rate of the AdamW steps)
CASES = {
    # Stages of different depth, a pool of 3 x 3 positions, heads wider than those of the text.
    "deep-resnet": (
        {
            "embed_dim": 12,
            "vision_cfg": {
                "layers": [1, 2, 1, 2], "width": 2, "image_size": 96, "patch_size": None,
                "head_width": 32,
            },
            "text_cfg": {
                "context_length": 7, "vocab_size": 61, "width": 24, "heads": 3, "layers": 1,
            },
        },
        3, 11, 5e-4,
    ),
    # An image whose edge is no multiple of 32, so that pools leave rows out; QuickGELU; one
    # position in the pool.
    "odd-resnet": (
        {
            "embed_dim": 20,
            "quick_gelu": True,
            "vision_cfg": {
                "layers": [2, 1, 1, 1], "width": 2, "image_size": 42, "patch_size": None,
                "head_width": 16,
            },
            "text_cfg": {
                "context_length": 10, "vocab_size": 97, "width": 20, "heads": 5, "layers": 3,
            },
        },
        5, 12, 1e-3,
    ),
    # Patches that do not divide the image, a narrow perceptron, QuickGELU, an odd context.
    "odd-vit": (
        {
            "embed_dim": 9,
            "quick_gelu": True,
            "vision_cfg": {
                "layers": 3, "width": 36, "patch_size": 7, "image_size": 31, "head_width": 12,
                "mlp_ratio": 2.5,
            },
            "text_cfg": {
                "context_length": 5, "vocab_size": 33, "width": 16, "heads": 1, "layers": 2,
            },
        },
        5, 13, 5e-4,
    ),
    # One block, one head, one pair: the loss is zero whatever the model, the embeddings are not.
    "single-vit": (
        {
            "embed_dim": 8,
            "vision_cfg": {
                "layers": 1, "width": 16, "patch_size": 5, "image_size": 15, "head_width": 16,
            },
            "text_cfg": {
                "context_length": 77, "vocab_size": 40, "width": 8, "heads": 2, "layers": 4,
                "mlp_ratio": 3.0,
            },
        },
        1, 14, 5e-4,
    ),
}


def randomise(model, generator):
    """Moves every parameter off its special starting value (zeros, ones)."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name == "logit_scale":
                continue
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.ndim < 2 and (".bn" in name or "bn" in name.split(".")[0] or "ln_" in name
                                       or "downsample.1" in name):
                centre = 1.0 if name.endswith("weight") else 0.0
                parameter.copy_(centre + 0.1 * noise)
            elif parameter.ndim < 2:
                parameter.copy_(0.05 * noise)
            else:
                parameter.copy_(noise * (1.5 / parameter[0].numel()) ** 0.5)


def captions(count, text, generator):
    """Captions of all lengths: start marker, words, end marker, zeros."""
    length, vocabulary = text["context_length"], text["vocab_size"]
    tokens = torch.zeros(count, length, dtype=torch.int32)
    for row in range(count):
        words = int(torch.randint(1, length - 1, (1,), generator=generator))
        tokens[row, 0] = vocabulary - 2
        tokens[row, 1:1 + words] = torch.randint(
            1, vocabulary - 2, (words,), generator=generator, dtype=torch.int32)
        tokens[row, 1 + words] = vocabulary - 1
    return tokens


def decays(name, parameter):
    return not (parameter.ndim < 2 or "bn" in name or "ln" in name or "bias" in name
                or "logit_scale" in name)


def make(name, configuration, batch, seed, rate):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = CLIP(**configuration)
    randomise(model, generator)
    size = configuration["vision_cfg"]["image_size"]
    images = torch.randn(batch, 3, size, size, generator=generator)
    tokens = captions(batch, configuration["text_cfg"], generator)
    weights = {k: v.clone() for k, v in model.state_dict().items()}

    model.train()
    z, w, scale = model(images, tokens.long())
    loss = ClipLoss()(z, w, scale)
    loss.backward()
    golden = {
        "input.images_nchw": images,
        "input.tokens": tokens,
        "train.image_embedding": z.detach(),
        "train.text_embedding": w.detach(),
        "train.clip_loss": loss.detach().reshape(1),
    }
    for key, parameter in model.named_parameters():
        golden[f"grad.{key}"] = parameter.grad.clone()
    for key, value in model.named_buffers():
        if key != "attn_mask":
            golden[f"after.{key}"] = value.clone()
    model.eval()
    with torch.no_grad():
        z, w, _ = model(images, tokens.long())
    golden["eval.image_embedding"] = z
    golden["eval.text_embedding"] = w

    model.load_state_dict(weights)
    model.train()
    named = list(model.named_parameters())
    optimiser = torch.optim.AdamW(
        [{"params": [p for n, p in named if decays(n, p)], "weight_decay": 0.1},
         {"params": [p for n, p in named if not decays(n, p)], "weight_decay": 0.0}],
        lr=rate, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for _ in range(4):
        optimiser.zero_grad()
        loss = ClipLoss()(*model(images, tokens.long()))
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    golden["adamw.losses"] = torch.tensor(losses)
    golden["adamw.rate"] = torch.tensor([rate])

    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(configuration, indent=1) + "\n")
    for kind, tensors in (("weights", weights), ("golden", golden)):
        path = FOLDER / f"{name}.{kind}.safetensors"
        save_file({k: v.contiguous() for k, v in tensors.items()}, path)
        path.chmod(0o644)
    print(f"{name}: {sum(p.numel() for p in model.parameters())} parameters, losses {losses}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for case in sys.argv[1:] or CASES:
        make(case, *CASES[case])
