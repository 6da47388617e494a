/** Functions of `weights.py` that read and write safetensors as NumPy arrays. */
export const numpySafetensors = `def read_safetensors(path: Path | str) -> dict[str, Values]:
    """The tensors of a safetensors file of float32 values."""
    data = Path(path).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    if len(data) < 8 or start > len(data):
        raise ValueError(f"{path} is no safetensors file, or is cut short.")
    header = json.loads(data[8:start])
    tensors: dict[str, Values] = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        count = math.prod(entry["shape"])
        if entry["dtype"] != "F32" or end - begin != 4 * count or start + end > len(data):
            raise ValueError(f"{path}: {name!r} is not float32 values, or is cut short.")
        values = np.frombuffer(data, dtype="<f4", count=count, offset=start + begin)
        tensors[name] = values.astype(np.float32).reshape(entry["shape"])
    return tensors


def write_safetensors(path: Path | str, tensors: Mapping[str, Values]) -> None:
    """Writes float32 values as a safetensors file, whole or not at all."""
    header: dict[str, object] = {}
    parts: list[bytes] = []
    offset = 0
    for name, values in tensors.items():
        part = np.ascontiguousarray(values, dtype="<f4").tobytes()
        offsets = [offset, offset + len(part)]
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": offsets}
        offset += len(part)
        parts.append(part)
    words = json.dumps(header).encode()
    words += b" " * (-len(words) % 8)
    target = Path(path)
    temporary = target.with_name(f".{target.name}.tmp")
    temporary.write_bytes(b"".join([len(words).to_bytes(8, "little"), words, *parts]))
    temporary.replace(target)
`;
