package dev.kcm.core.api;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.BeanDeserializer;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.impl.NullsConstantProvider;
import com.fasterxml.jackson.databind.deser.std.CollectionDeserializer;
import com.fasterxml.jackson.databind.deser.std.MapDeserializer;
import com.fasterxml.jackson.databind.deser.std.NumberDeserializers;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import dev.kcm.core.object.Packing;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.model.jackson.GoIntegerDeserializer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes readers of model classes after Jackson's own description of them.
 *
 * <p>What a class is made of, under which names and by which setters, is asked of the mapper; so is
 * the deserializer of each property. Plain beans, strings, whole numbers, booleans, lists and maps
 * are then read straight from the bytes. Values of all other types are read by their own
 * deserializer, and whole classes that are no plain beans have no reader here.
 *
 * <p>Thread-safe: readers are immutable and kept in a concurrent map.
 */
final class ModelReaders {

  private static final String MODEL = "io.fabric8.";

  private static final int FEW = 4;

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.publicLookup();

  private static final MethodType OTHERS =
      MethodType.methodType(void.class, Object.class, String.class, Object.class);

  private final ObjectMapper mapper;
  private final StringPool strings;
  private final ObjectReader anything;
  private final Map<JavaType, ModelReader> models = new ConcurrentHashMap<>();

  /** Numbers of properties whose values may be shared. */
  private final AtomicInteger numbers = new AtomicInteger();

  ModelReaders(ObjectMapper mapper, StringPool strings) {
    this.mapper = mapper;
    this.strings = strings;
    this.anything = mapper.readerFor(Object.class);
  }

  /** The reader of a class; null when Jackson must read it. */
  @Nullable ValueReader of(Class<?> type) {
    JavaType javaType = mapper.constructType(type);
    try {
      JsonDeserializer<?> deserializer = context(null).findRootValueDeserializer(javaType);
      return isPlain(javaType, deserializer) ? model(javaType, deserializer) : null;
    } catch (JsonMappingException unknown) {
      return null;
    }
  }

  private DefaultDeserializationContext context(@Nullable JsonParser parser) {
    DefaultDeserializationContext blueprint =
        (DefaultDeserializationContext) mapper.getDeserializationContext();
    return blueprint.createInstance(mapper.getDeserializationConfig(), parser, null);
  }

  /** Whether objects of a class are made by a constructor without arguments and public setters. */
  private boolean isPlain(JavaType type, JsonDeserializer<?> deserializer) {
    if (deserializer.getClass() != BeanDeserializer.class) {
      return false;
    }
    BeanDeserializer bean = (BeanDeserializer) deserializer;
    ValueInstantiator instantiator = bean.getValueInstantiator();
    if (!instantiator.canCreateUsingDefault()
        || instantiator.canCreateUsingDelegate()
        || instantiator.canCreateFromObjectWith()
        || bean.getObjectIdReader() != null
        || ignorals(type).getIgnoreUnknown()
        || hasUnwrapped(type)) {
      return false;
    }
    for (Iterator<SettableBeanProperty> all = bean.properties(); all.hasNext(); ) {
      if (!isPlain(all.next())) {
        return false;
      }
    }
    try {
      return LOOKUP.findConstructor(type.getRawClass(), MethodType.methodType(void.class)) != null;
    } catch (ReflectiveOperationException hidden) {
      return false;
    }
  }

  private boolean isPlain(SettableBeanProperty property) {
    AnnotatedMember member = property.getMember();
    DeserializationConfig config = mapper.getDeserializationConfig();
    return !property.hasValueTypeDeserializer()
        && member.getMember() instanceof Method method
        && Modifier.isPublic(method.getModifiers())
        && property.findAliases(config).isEmpty()
        && property.getMetadata().getMergeInfo() == null
        && property.getInjectableValueId() == null
        && property.getManagedReferenceName() == null;
  }

  /** Whether parts of the class stand in JSON without a name of their own. */
  private boolean hasUnwrapped(JavaType type) {
    DeserializationConfig config = mapper.getDeserializationConfig();
    AnnotationIntrospector annotations = config.getAnnotationIntrospector();
    return config.introspect(type).findProperties().stream()
        .map(BeanPropertyDefinition::getPrimaryMember)
        .anyMatch(
            member -> member != null && annotations.findUnwrappingNameTransformer(member) != null);
  }

  private JsonIgnoreProperties.Value ignorals(JavaType type) {
    DeserializationConfig config = mapper.getDeserializationConfig();
    return config.getDefaultPropertyIgnorals(
        type.getRawClass(), config.introspect(type).getClassInfo());
  }

  private ModelReader model(JavaType type, JsonDeserializer<?> deserializer) {
    return models.computeIfAbsent(
        type, t -> new ModelReader(() -> parts(t, (BeanDeserializer) deserializer)));
  }

  private ModelReader.Parts parts(JavaType type, BeanDeserializer deserializer) throws Unusual {
    BeanDescription description = mapper.getDeserializationConfig().introspect(type);
    Set<String> ignored = new HashSet<>(ignorals(type).findIgnoredForDeserialization());
    ignored.addAll(description.getIgnoredPropertyNames());
    Class<?> raw = type.getRawClass();
    try {
      List<ModelReader.Property> properties = new ArrayList<>();
      for (Iterator<SettableBeanProperty> all = deserializer.properties(); all.hasNext(); ) {
        SettableBeanProperty property = all.next();
        if (!ignored.contains(property.getName())) {
          properties.add(property(property));
        }
      }
      Supplier<Object> constructor = Setter.constructor(raw);
      return new ModelReader.Parts(
          constructor, properties, ignored, others(raw), Packing.emptier(fresh(constructor)));
    } catch (ReflectiveOperationException hidden) {
      throw new Unusual();
    }
  }

  private static Object fresh(Supplier<Object> constructor) throws Unusual {
    try {
      return constructor.get();
    } catch (RuntimeException refused) {
      throw new Unusual();
    }
  }

  /** Where fabric8's models put what they have no property for. */
  private ModelReader.@Nullable Others others(Class<?> type) throws ReflectiveOperationException {
    for (Method method : type.getMethods()) {
      boolean takes = method.getParameterCount() == 2 && !method.isBridge();
      if (takes && method.isAnnotationPresent(JsonAnySetter.class)) {
        Method all = type.getMethod("setAdditionalProperties", Map.class);
        return new ModelReader.Others(
            LOOKUP.unreflect(method).asType(OTHERS), all, this::readAnything);
      }
    }
    return null;
  }

  private ModelReader.Property property(SettableBeanProperty property) {
    boolean packs = property.getMember().getDeclaringClass().getName().startsWith(MODEL);
    ValueReader reader = value(property.getType(), property.getValueDeserializer(), packs);
    boolean hasParts =
        reader instanceof ModelReader
            || reader instanceof ListReader
            || reader instanceof MapReader;
    return new ModelReader.Property(
        property.getName(),
        reader,
        (Method) property.getMember().getMember(),
        !NullsConstantProvider.isSkipper(property.getNullValueProvider()),
        hasParts ? numbers.getAndIncrement() : SharedValues.NEVER);
  }

  /** A reader of values; lists and maps may be packed in fabric8's own classes only. */
  private ValueReader value(JavaType type, JsonDeserializer<?> deserializer, boolean packs) {
    Class<?> raw = type.getRawClass();
    if (deserializer instanceof StringPool) {
      return this::readString;
    }
    if (raw == Integer.class && deserializer instanceof GoIntegerDeserializer) {
      return ModelReaders::readInteger;
    }
    if (raw == Long.class && deserializer instanceof NumberDeserializers.LongDeserializer) {
      return JsonCursor::readLong;
    }
    if (raw == Boolean.class && deserializer instanceof NumberDeserializers.BooleanDeserializer) {
      return JsonCursor::readBoolean;
    }
    if (raw == Quantity.class && deserializer instanceof Quantity.Deserializer) {
      return this::readQuantity;
    }
    if (isPlain(type, deserializer)) {
      return model(type, deserializer);
    }
    if (deserializer.getClass() == CollectionDeserializer.class && raw == List.class) {
      CollectionDeserializer list = (CollectionDeserializer) deserializer;
      return new ListReader(
          value(type.getContentType(), list.getContentDeserializer(), packs), packs);
    }
    if (deserializer.getClass() == MapDeserializer.class
        && raw == Map.class
        && type.getKeyType().getRawClass() == String.class) {
      MapDeserializer map = (MapDeserializer) deserializer;
      return new MapReader(
          strings, value(type.getContentType(), map.getContentDeserializer(), packs), packs);
    }
    return in -> {
      Object value = readByJackson(in, deserializer);
      return packs && in.shared() != null ? Packing.packed(value) : value;
    };
  }

  private String readString(JsonCursor in) throws Unusual {
    in.scanString();
    return in.text(strings);
  }

  private static Integer readInteger(JsonCursor in) throws Unusual {
    long value = in.readLong();
    if (value != (int) value) {
      throw new Unusual();
    }
    return (int) value;
  }

  private Quantity readQuantity(JsonCursor in) throws Unusual {
    in.scanString();
    try {
      return new Quantity(in.text(strings));
    } catch (IllegalArgumentException refused) {
      throw new Unusual();
    }
  }

  private @Nullable Object readAnything(JsonCursor in) throws Unusual {
    int from = in.position();
    in.skipValue();
    try {
      return anything.readValue(in.bytes(), from, in.position() - from);
    } catch (IOException refused) {
      throw new Unusual();
    }
  }

  private @Nullable Object readByJackson(JsonCursor in, JsonDeserializer<?> deserializer)
      throws Unusual {
    int from = in.position();
    in.skipValue();
    try (JsonParser parser = mapper.createParser(in.bytes(), from, in.position() - from)) {
      DeserializationContext context = context(parser);
      parser.nextToken();
      return deserializer.deserialize(parser, context);
    } catch (IOException refused) {
      throw new Unusual();
    }
  }

  /** A list, with room for what is in it and no more. */
  private record ListReader(ValueReader elements, boolean packs) implements ValueReader {

    @Override
    public Object read(JsonCursor in) throws Unusual {
      ArrayList<@Nullable Object> list = new ArrayList<>(0);
      if (in.opened('[', ']')) {
        Object first = element(in);
        boolean more = in.hasMore(']');
        list.ensureCapacity(more ? FEW : 1);
        list.add(first);
        while (more) {
          list.add(element(in));
          more = in.hasMore(']');
        }
      }
      if (packs && in.shared() != null) {
        return Packing.list(list);
      }
      list.trimToSize();
      return list;
    }

    private @Nullable Object element(JsonCursor in) throws Unusual {
      if (in.peek() == 'n') {
        throw new Unusual();
      }
      return elements.read(in);
    }
  }

  /** A map in the order of the text. */
  private record MapReader(StringPool strings, ValueReader values, boolean packs)
      implements ValueReader {

    @Override
    public Object read(JsonCursor in) throws Unusual {
      Map<String, @Nullable Object> map = new LinkedHashMap<>(FEW);
      if (in.opened('{', '}')) {
        readInto(map, in);
      }
      return packs && in.shared() != null ? Packing.map(map) : map;
    }

    private void readInto(Map<String, @Nullable Object> map, JsonCursor in) throws Unusual {
      do {
        in.scanString();
        String key = in.text(strings);
        in.expect(':');
        if (in.peek() == 'n') {
          throw new Unusual();
        }
        map.put(key, values.read(in));
      } while (in.hasMore('}'));
    }
  }
}
