package io.firn.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.error.ConfigException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionSchemeTest {
    @Test
    void keepsTheOrderOfItsFields() {
        PartitionScheme scheme = PartitionScheme.builder()
                .addDate("dt")
                .addString("origin")
                .addInt("shard")
                .addHour("hour")
                .addMinute("minute")
                .build();
        assertThat(scheme.fields())
                .extracting(PartitionField::name)
                .containsExactly("dt", "origin", "shard", "hour", "minute");
        assertThat(scheme.describe()).isEqualTo("dt:date,origin:string,shard:int,hour:hour,minute:minute");
        assertThat(PartitionScheme.parse(scheme.describe())).isEqualTo(scheme).hasSameHashCodeAs(scheme);
    }

    @Test
    void keepsTimeZonesOfSchemeAndField() {
        ZoneId vienna = ZoneId.of("Europe/Vienna");
        PartitionScheme scheme = PartitionScheme.builder(vienna)
                .addDate("dt")
                .addHour("hour", ZoneOffset.ofHoursMinutes(5, 30))
                .addString("s")
                .build();
        assertThat(scheme.describe()).isEqualTo("dt:date(Europe/Vienna),hour:hour(+05:30),s:string");
        assertThat(PartitionScheme.parse(" dt : date ( Europe/Vienna ) , hour:hour(+05:30),s:string"))
                .isEqualTo(scheme);
    }

    @Test
    void takesEveryNameOfUtcForOneZone() {
        assertThat(PartitionScheme.parse("dt:date(UTC)")).isEqualTo(PartitionScheme.parse("dt:date"));
        assertThat(PartitionScheme.parse("dt:date(Z)")).isEqualTo(PartitionScheme.parse("dt:date"));
        assertThat(PartitionScheme.builder(ZoneId.of("UTC")).addDate("dt").build())
                .isEqualTo(PartitionScheme.parse("dt:date"));
    }

    @Test
    void isUnpartitionedWithoutFields() {
        assertThat(PartitionScheme.parse(" ")).isSameAs(PartitionScheme.unpartitioned());
        assertThat(PartitionScheme.unpartitioned().describe()).isEmpty();
        assertThat(PartitionScheme.unpartitioned().isUnpartitioned()).isTrue();
        assertThat(PartitionValues.of(PartitionScheme.unpartitioned()).toPath()).isEmpty();
        assertThat(PartitionScheme.unpartitioned().parsePath("").toPath()).isEmpty();
    }

    @Test
    void refusesNamesThatDifferOnlyByCase() {
        assertThatThrownBy(() -> PartitionScheme.builder().addString("a").addDate("A"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'A'")
                .hasMessageContaining("twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_table", ".hidden", "1a", "a b", "a/b", "a=b", "..", "a.b", "\u00e4", "a:b", "a%"})
    void refusesIllegalNames(String name) {
        assertThatThrownBy(() -> PartitionScheme.builder().addString(name))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Illegal partition field name");
    }

    @Test
    void boundsTheLengthOfNames() {
        assertThat(PartitionScheme.builder().addInt("a".repeat(64)).build().fields())
                .hasSize(1);
        assertThatThrownBy(() -> PartitionScheme.builder().addInt("a".repeat(65)))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void refusesTooManyFields() {
        PartitionScheme.Builder builder = PartitionScheme.builder();
        for (int i = 0; i < PartitionScheme.MAX_FIELDS; i++) {
            builder.addInt("f" + i);
        }
        assertThat(builder.build().fields()).hasSize(PartitionScheme.MAX_FIELDS);
        assertThatThrownBy(() -> builder.addInt("more"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at most 8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dt",
                "dt:day",
                "dt:date(Nowhere/City)",
                "dt:date(UTC",
                "s:string(Europe/Vienna)",
                "dt:date,,a:int",
                ":date"
            })
    void refusesMalformedTexts(String text) {
        assertThatThrownBy(() -> PartitionScheme.parse(text)).isInstanceOf(ConfigException.class);
    }

    @Test
    void namesTheFieldsWhenOneIsUnknown() {
        assertThatThrownBy(() -> PartitionScheme.parse("dt:date,a:int").indexOf("b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'b'")
                .hasMessageContaining("dt, a");
    }
}
