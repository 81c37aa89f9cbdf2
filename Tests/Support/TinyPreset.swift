/// A model that trains in seconds: a ResNet of 32 pixels and a text tower of one block.
package enum TinyPreset {
  /// In open_clip's form, as `--preset` takes it.
  package static let json = """
    {"embed_dim": 32,
     "vision_cfg": {"layers": [1, 1, 1, 1], "width": 8, "head_width": 32, "image_size": 32},
     "text_cfg": {"context_length": 12, "vocab_size": 1024, "width": 32, "heads": 2, "layers": 1}}
    """
}
