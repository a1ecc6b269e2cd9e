package io.firn.table;

import io.firn.record.RecordView;

/** A scan that reads one lane at a time and shows the record on which that lane's scan stands. */
interface LaneByLaneScan extends TableScan {
    /** The lane that the scan stands in; {@link IllegalStateException} when it stands on no record. */
    LaneScan present();

    @Override
    default RecordView record() {
        return present().record();
    }

    @Override
    default String writer() {
        return present().writer();
    }

    @Override
    default String partitionPath() {
        return present().partitionPath();
    }
}
