"""Numbers as lib0 writes them, which is how every Yjs byte string is built.

The inspector reads thousands of these per update, so errors are those Python raises anyway:
IndexError when the bytes end too soon, OverflowError from 2^53 and for a number written longer than
needed: two spellings of one id could not be compared as bytes. Callers name them.
"""

VAR_UINT_LIMIT = 1 << 53  # a JavaScript number counts exactly up to here


def read_var_uint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and the offset behind it (lib0 decoding.readVarUint)."""
    byte = data[at]
    at += 1
    if byte < 0x80:
        return byte, at
    number = byte & 0x7F
    shift = 7
    while shift < 53:
        byte = data[at]
        at += 1
        if byte < 0x80:
            number |= byte << shift
            if not byte or number >= VAR_UINT_LIMIT:
                break
            return number, at
        number |= (byte & 0x7F) << shift
        shift += 7
    raise OverflowError("number is overlong or not below 2^53")


def write_var_uint(number: int) -> bytes:
    """The number in seven bits a byte, low bits first (lib0 encoding.writeVarUint)."""
    if number < 0x80:
        return bytes((number,))
    if number < 0x4000:
        return bytes((number & 0x7F | 0x80, number >> 7))
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
