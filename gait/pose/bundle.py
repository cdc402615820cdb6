"""The container of a pose model: a zip of two TFLite networks, checked and, where need be, put together.

The Tasks API of MediaPipe reads a *bundle*: an uncompressed zip that holds ``pose_detector.tflite`` (finds a person)
and ``pose_landmarks_detector.tflite`` (finds the landmarks). The networks alone, as older packages ship them, lack
the metadata that tells how pixels become numbers; :func:`build_bundle` adds it.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

DETECTOR_MEMBER = "pose_detector.tflite"
LANDMARKS_MEMBER = "pose_landmarks_detector.tflite"

#: How a pixel value becomes the input of a network: ``(value - mean) / std``, with values 0..255. The numbers are
#: those in the metadata of the official heavy bundle.
DETECTOR_NORMALIZATION = (127.5, 127.5)
LANDMARKS_NORMALIZATION = (0.0, 255.0)

_METADATA_NAME = b"TFLITE_METADATA"
_TFLITE_MAGIC = b"TFL3"
#: TFLite asks that the weights start at multiples of this many bytes (``force_align`` in its schema).
_ALIGNMENT = 16
#: A fixed date makes the bundle depend on its contents alone.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def bundle_fault(path: Path) -> str | None:
    """What is wrong with a model bundle, or None when nothing is.

    Parameters
    ----------
    path
        The file to look at.

    Returns
    -------
    str or None
        One clause for a message, for example ``"it is not a zip file"``.
    """
    if not zipfile.is_zipfile(path):
        return "it is not a zip file"
    with zipfile.ZipFile(path) as bundle:
        for member in (DETECTOR_MEMBER, LANDMARKS_MEMBER):
            if member not in bundle.namelist():
                return f"it holds no {member}"
            try:
                head = bundle.read(member)[4:8]
            except (zipfile.BadZipFile, EOFError, OSError) as error:
                return f"its {member} is damaged ({error})"
            if head != _TFLITE_MAGIC:
                return f"its {member} is not a TFLite network"
    return None


def build_bundle(detector: bytes, landmarks: bytes) -> bytes:
    """Put two bare networks together to a bundle.

    Parameters
    ----------
    detector, landmarks
        Contents of the two ``.tflite`` files.

    Returns
    -------
    bytes
        The bundle; the same networks always give the same bytes.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:
        for member, network, (mean, std) in (
            (DETECTOR_MEMBER, detector, DETECTOR_NORMALIZATION),
            (LANDMARKS_MEMBER, landmarks, LANDMARKS_NORMALIZATION),
        ):
            bundle.writestr(zipfile.ZipInfo(member, _ZIP_DATE), with_normalization(network, mean, std))
    return packed.getvalue()


def with_normalization(network: bytes, mean: float, std: float) -> bytes:
    """The same network, with metadata that tells how its image input is normalised.

    Parameters
    ----------
    network
        Contents of a ``.tflite`` file.
    mean, std
        The network sees ``(pixel - mean) / std``.

    Returns
    -------
    bytes
        Contents of a ``.tflite`` file; metadata that was there before is replaced.
    """
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as schema

    # Any: the generated classes are annotated for reading; what is written may be bytes and buffers of our own.
    model: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(network, 0))
    outputs = len(model.subgraphs[0].outputs)
    buffer = _AlignedBuffer(_metadata(mean, std, outputs))
    model.buffers = [_AlignedBuffer.of(old) for old in model.buffers]
    known = next((entry for entry in model.metadata or [] if entry.name == _METADATA_NAME), None)
    if known is None:
        entry: Any = schema.MetadataT()
        entry.name, entry.buffer = _METADATA_NAME, len(model.buffers)
        model.buffers.append(buffer)
        model.metadata = [*(model.metadata or []), entry]
    else:
        model.buffers[known.buffer] = buffer
    builder = flatbuffers.Builder(len(network) + 4096)
    builder.Finish(model.Pack(builder), _TFLITE_MAGIC)
    return bytes(builder.Output())


def _metadata(mean: float, std: float, outputs: int) -> bytes:
    """Packed metadata: one RGB image input with its normalisation, and bare entries for the outputs."""
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    options = schema.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = schema.ProcessUnitT()
    unit.optionsType, unit.options = schema.ProcessUnitOptions.NormalizationOptions, options
    image = schema.ImagePropertiesT()
    image.colorSpace = schema.ColorSpaceType.RGB
    content = schema.ContentT()
    content.contentPropertiesType, content.contentProperties = schema.ContentProperties.ImageProperties, image
    tensor = schema.TensorMetadataT()
    tensor.name, tensor.content, tensor.processUnits = "image", content, [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    graph.outputTensorMetadata = [schema.TensorMetadataT() for _ in range(outputs)]
    model = schema.ModelMetadataT()
    model.subgraphMetadata, model.minParserVersion = [graph], "1.0.0"
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


class _AlignedBuffer:
    """A block of weights that packs itself where TFLite wants it; the generated packer ignores the alignment."""

    def __init__(self, data: bytes | None) -> None:
        self.data = data

    @classmethod
    def of(cls, old: object) -> _AlignedBuffer:
        """Take over the contents of a generated buffer."""
        data = getattr(old, "data", None)
        return cls(None if data is None else bytes(data))

    def Pack(self, builder) -> int:  # noqa: N802 - the generated packer calls it by this name
        """Write this block; called by the generated packer."""
        from mediapipe.tasks.metadata import schema_py_generated as schema

        place = None
        if self.data is not None:
            builder.StartVector(1, len(self.data), _ALIGNMENT)
            builder.head -= len(self.data)
            builder.Bytes[builder.head : builder.head + len(self.data)] = self.data
            place = builder.EndVector()
        schema.BufferStart(builder)
        if place is not None:
            schema.BufferAddData(builder, place)
        return schema.BufferEnd(builder)
