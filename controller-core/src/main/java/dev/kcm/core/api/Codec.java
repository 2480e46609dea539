package dev.kcm.core.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into model objects and back, with fabric8's own rules for model classes.
 *
 * <p>Differences when reading: {@code metadata.managedFields} is skipped, unless wanted, and
 * repeated strings are shared.
 *
 * <p>Thread-safe: the mapper is not changed after construction.
 */
final class Codec {

  private static final Kept WITH_MANAGED_FIELDS = new Kept(true);
  private static final Kept WITHOUT_MANAGED_FIELDS = new Kept(false);

  private final ObjectMapper mapper;
  private final ModelReaders models;
  private final SharedValues shared = new SharedValues();

  Codec(boolean keepManagedFields) {
    Rules rules = (keepManagedFields ? WITH_MANAGED_FIELDS : WITHOUT_MANAGED_FIELDS).rules();
    mapper = rules.mapper();
    models = rules.models();
  }

  /**
   * How classes are read and written: found out once for all clients, since it takes as long as
   * reading hundreds of pods.
   *
   * @param mapper not changed any more
   * @param models readers of classes, made as they are asked for
   */
  private record Rules(ObjectMapper mapper, ModelReaders models) {

    private static Rules make(boolean keepManagedFields) {
      // Field names are shared by the parser's own table; the JVM-wide table costs more than it
      // saves.
      ObjectMapper mapper =
          new ObjectMapper(
              JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build());
      new KubernetesSerialization(mapper, true);
      // Most classes are read without Jackson: what it needs for them is found out when it must.
      mapper.disable(DeserializationFeature.EAGER_DESERIALIZER_FETCH);
      if (!keepManagedFields) {
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
      }
      mapper.addMixIn(EndpointSlice.class, WithEmptyLists.class);
      StringPool strings = new StringPool();
      mapper.registerModule(
          new SimpleModule("shared-strings").addDeserializer(String.class, strings));
      return new Rules(mapper, new ModelReaders(mapper, strings));
    }
  }

  /** Rules for as long as somebody uses them, or memory is not short. Guarded by itself. */
  private static final class Kept {

    private final boolean managedFields;
    private SoftReference<@Nullable Rules> present = new SoftReference<>(null);

    private Kept(boolean managedFields) {
      this.managedFields = managedFields;
    }

    private synchronized Rules rules() {
      Rules rules = present.get();
      if (rules == null) {
        rules = Rules.make(managedFields);
        present = new SoftReference<>(rules);
      }
      return rules;
    }
  }

  /** A reader of one class, by Jackson; cheap, and reusable by several threads. */
  ObjectReader reader(Class<?> type) {
    return mapper.readerFor(type);
  }

  /** A reader of objects of one type; cheap, and reusable by several threads. */
  <T extends HasMetadata> ObjectDecoder<T> decoder(ResourceType<T> type) {
    return new ObjectDecoder<>(type, reader(type.type()), models.of(type.type()), shared);
  }

  /** Fills in apiVersion and kind, which items of lists lack. */
  static <T extends HasMetadata> T named(ResourceType<T> type, @Nullable T object)
      throws IOException {
    if (object == null || object.getMetadata() == null) {
      throw new IOException("an object of " + type.qualifiedPlural() + " has no metadata");
    }
    if (object instanceof GenericKubernetesResource generic) {
      if (generic.getKind() == null) {
        generic.setKind(type.kind());
      }
      if (generic.getApiVersion() == null) {
        generic.setApiVersion(type.apiVersion());
      }
    }
    return object;
  }

  /** An object as JSON text. */
  String write(Object object) {
    try {
      return mapper.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new ApiException(
          ApiError.of(
              ApiError.Kind.BAD_REQUEST, 0, "object cannot be written: " + e.getOriginalMessage()),
          e);
    }
  }

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  /** Required fields of the API: clients in other languages refuse slices that lack them. */
  interface WithEmptyLists {

    @JsonInclude(JsonInclude.Include.ALWAYS)
    List<?> getEndpoints();

    @JsonInclude(JsonInclude.Include.ALWAYS)
    List<?> getPorts();
  }
}
