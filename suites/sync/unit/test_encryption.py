"""Laws of the cipher that guards provider tokens."""

import pytest
from cryptography.fernet import Fernet

from app.security.encryption import SecretCipher, UnreadableSecretError

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.mark.parametrize("secret", ["token", "", "ümläut €", "x" * 4096], ids=["plain", "empty", "unicode", "long"])
def test_decrypt_gives_back_what_was_encrypted(secret: str) -> None:
    cipher = SecretCipher([NEW])
    assert cipher.decrypt(cipher.encrypt(secret)) == secret


def test_encrypt_hides_the_secret() -> None:
    assert "token" not in SecretCipher([NEW]).encrypt("token")


def test_encrypt_never_looks_the_same_twice() -> None:
    cipher = SecretCipher([NEW])
    assert cipher.encrypt("token") != cipher.encrypt("token")


def test_decrypt_refuses_an_altered_secret() -> None:
    cipher = SecretCipher([NEW])
    stored = cipher.encrypt("token")
    altered = stored[:-10] + ("A" if stored[-10] != "A" else "B") + stored[-9:]
    with pytest.raises(UnreadableSecretError):
        cipher.decrypt(altered)


def test_decrypt_refuses_a_strangers_key() -> None:
    with pytest.raises(UnreadableSecretError):
        SecretCipher([NEW]).decrypt(SecretCipher([OLD]).encrypt("token"))


def test_decrypt_still_reads_what_an_older_key_wrote() -> None:
    stored = SecretCipher([OLD]).encrypt("token")
    assert SecretCipher([NEW, OLD]).decrypt(stored) == "token"


def test_encrypt_uses_the_newest_key() -> None:
    stored = SecretCipher([NEW, OLD]).encrypt("token")
    assert SecretCipher([NEW]).decrypt(stored) == "token"


def test_rotate_makes_the_older_key_unnecessary() -> None:
    stored = SecretCipher([OLD]).encrypt("token")
    assert SecretCipher([NEW]).decrypt(SecretCipher([NEW, OLD]).rotate(stored)) == "token"


def test_rotate_refuses_what_it_cannot_read() -> None:
    with pytest.raises(UnreadableSecretError):
        SecretCipher([NEW]).rotate(SecretCipher([OLD]).encrypt("token"))


def test_unreadable_secret_does_not_quote_what_it_could_not_read() -> None:
    with pytest.raises(UnreadableSecretError) as caught:
        SecretCipher([NEW]).decrypt("leaked-value")
    assert "leaked-value" not in str(caught.value)
    assert caught.value.__suppress_context__
