#!/bin/bash
# openssl: digests, ciphers, keys, signatures, certificates, speed with vector instructions.
# needs: openssl
set -e
head -c 5000000 /dev/zero | openssl dgst -sha256; for d in sha1 sha512 md5 sha3-256 blake2b512; do echo martlet | openssl dgst -$d | sed 's/.*= //'; done
head -c 3000000 /dev/zero | openssl enc -aes-256-ctr -K 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff -iv 000102030405060708090a0b0c0d0e0f | md5sum; for c in aes-128-cbc chacha20 camellia-128-cbc; do echo secret | openssl enc -$c -pbkdf2 -pass pass:x -S 0102030405060708 | openssl enc -d -$c -pbkdf2 -pass pass:x -S 0102030405060708; done
openssl genpkey -algorithm ed25519 -out key 2>/dev/null; openssl pkey -in key -pubout -out pub; echo data >data; openssl pkeyutl -sign -inkey key -rawin -in data -out sig; openssl pkeyutl -verify -pubin -inkey pub -rawin -in data -sigfile sig
openssl genrsa -out rsa 2048 2>/dev/null; openssl dgst -sha256 -sign rsa -out s data; openssl rsa -in rsa -pubout -out rp 2>/dev/null; openssl dgst -sha256 -verify rp -signature s data; openssl req -x509 -key rsa -subj /CN=martlet -days 10 -out cert 2>/dev/null; openssl verify -CAfile cert cert; openssl x509 -in cert -noout -subject
openssl speed -seconds 1 -evp aes-128-gcm -mr -bytes 1024 2>/dev/null | grep -c '^+F'; openssl speed -seconds 1 -multi 2 -bytes 1024 sha256 2>/dev/null | grep -c '^sha256'; openssl rand 32 | wc -c; openssl prime 1000003; (cd /; openssl version | cut -d' ' -f1)
