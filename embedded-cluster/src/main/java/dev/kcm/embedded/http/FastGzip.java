package dev.kcm.embedded.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses with the fastest setting. Confined to the caller's thread. */
final class FastGzip extends GZIPOutputStream {

  private FastGzip(OutputStream out) throws IOException {
    super(out);
    def.setLevel(Deflater.BEST_SPEED);
  }

  static BodyBytes compress(BodyBytes bytes) {
    BodyBytes compressed = new BodyBytes();
    try (FastGzip gzip = new FastGzip(compressed)) {
      bytes.copyTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed;
  }
}
