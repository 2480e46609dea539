package dev.kcm.daemon.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvRecordTest {

  @Test
  void splitsAtCommasOutsideQuotes() {
    assertThat(CsvRecord.read("a,\"b,c\",,\"say \"\"x\"\"\",d "))
        .containsExactly("a", "b,c", "", "say \"x\"", "d ");
  }

  @Test
  void stripsQuotesAroundOneField() {
    assertThat(CsvRecord.read("\"aggregator\"")).containsExactly("aggregator");
  }

  @Test
  void hasNoFieldsInEmptyText() {
    assertThat(CsvRecord.read("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a\"b | parse error on line 1, column 2: bare \" in non-quoted field",
        "\"a | parse error on line 1, column 3: extraneous or missing \" in quoted-field",
        "\"a\"b | parse error on line 1, column 3: extraneous or missing \" in quoted-field",
      })
  void refusesMisplacedQuotes(String text, String message) {
    assertThatThrownBy(() -> CsvRecord.read(text)).hasMessage(message);
  }

  @Test
  void writesWhatItReads() {
    List<String> fields = List.of("a", "b,c", "say \"x\"", "");
    assertThat(CsvRecord.read(CsvRecord.write(fields))).isEqualTo(fields);
  }
}
