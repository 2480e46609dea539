package dev.kcm.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * Keeps objects as JSON in a file of H2's MVStore. Each change is handed to the operating system
 * before it counts, so it outlives the process however that ends. After a crash of the machine the
 * file is as it was some moments before.
 *
 * <p>Confined to the caller, one at a time; MVStore reclaims space on a thread of its own.
 */
final class FileJournal implements Journal {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String MAP = "objects";

  /** Pages are written whole for each change, so small ones. */
  private static final int PAGE_BYTES = 4096;

  /** Time that closing may take to give back space of superseded pages. */
  private static final int COMPACTION_MILLIS = 500;

  private static final char SEPARATOR = '\0';

  /** The key of the revision of the latest removal; no resource has this name. */
  private static final String REMOVED = "";

  private final Path path;
  private final MVStore file;
  private final MVMap<String, byte[]> objects;

  private FileJournal(Path path, MVStore file, MVMap<String, byte[]> objects) {
    this.path = path;
    this.file = file;
    this.objects = objects;
  }

  /**
   * Opens the file, or makes it and its directory.
   *
   * @throws JournalException when it cannot be opened, for example because a process has it open
   */
  static FileJournal open(Path path) {
    try {
      make(path);
      MVStore file =
          new MVStore.Builder().fileName(path.toString()).pageSplitSize(PAGE_BYTES).open();
      MVMap<String, byte[]> objects =
          file.openMap(
              MAP,
              new MVMap.Builder<String, byte[]>()
                  .keyType(StringDataType.INSTANCE)
                  .valueType(ByteArrayDataType.INSTANCE));
      return new FileJournal(path, file, objects);
    } catch (MVStoreException e) {
      String why =
          e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
              ? "another process uses it"
              : String.valueOf(e.getMessage());
      throw new JournalException("cannot open " + path + ": " + why, e);
    } catch (IOException e) {
      throw new JournalException("cannot make " + path + ": " + e.getMessage(), e);
    }
  }

  /** Makes the file for its owner's eyes only: there are Secrets in it. */
  private static void make(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (Files.notExists(path)) {
      boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
      Files.createFile(
          path,
          posix
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new FileAttribute<?>[0]);
    }
  }

  @Override
  public long load(Loaded loaded) {
    long latest = Store.FIRST_REVISION;
    for (var entries = objects.cursor(null); entries.hasNext(); ) {
      String key = entries.next();
      byte[] value = entries.getValue();
      if (key.equals(REMOVED)) {
        latest = Math.max(latest, Long.parseLong(new String(value, StandardCharsets.US_ASCII)));
        continue;
      }
      ObjectNode object = parse(key, value);
      int cut = key.indexOf(SEPARATOR);
      loaded.object(key.substring(0, cut), key.substring(cut + 1), object);
      latest = Math.max(latest, object.path("metadata").path("resourceVersion").asLong(latest));
    }
    return latest;
  }

  private ObjectNode parse(String key, byte[] value) {
    try {
      return (ObjectNode) JSON.readTree(value);
    } catch (IOException | ClassCastException e) {
      throw new JournalException(
          "%s: the object under %s cannot be read: %s"
              .formatted(path, key.replace(SEPARATOR, ' '), e.getMessage()),
          e);
    }
  }

  @Override
  public void put(String resource, String key, JsonNode object) {
    try {
      objects.put(resource + SEPARATOR + key, JSON.writeValueAsBytes(object));
      file.commit();
    } catch (IOException | MVStoreException e) {
      throw failed(e);
    }
  }

  @Override
  public void remove(String resource, String key, long revision) {
    try {
      objects.remove(resource + SEPARATOR + key);
      objects.put(REMOVED, Long.toString(revision).getBytes(StandardCharsets.US_ASCII));
      file.commit();
    } catch (MVStoreException e) {
      throw failed(e);
    }
  }

  private JournalException failed(Exception cause) {
    if (!file.isClosed()) {
      file.rollback();
    }
    return new JournalException("cannot write " + path + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    file.close(COMPACTION_MILLIS);
  }
}
