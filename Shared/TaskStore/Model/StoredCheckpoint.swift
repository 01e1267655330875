import Database

/// A checkpoint as it is stored, without its pack: see ``TaskStore/pack(of:in:)``.
package struct StoredCheckpoint: Sendable, Hashable, Decodable {
    /// Its place in the workflow, from 1.
    package let ordinal: Int
    /// 40 hexadecimal digits.
    package let commit: String
    package let tree: String
    /// The commit that the pack is thin against.
    package let base: String
    /// The size of the pack.
    package let bytes: Int
}

extension StoredCheckpoint {
    /// A query of `columns` over the checkpoints `chain` of a workflow that lead from the base commit to the newest. A later
    /// run may have started again from an earlier commit: what it left behind is not part of the chain.
    static func chain(of workflow: SQL, _ columns: SQL) -> SQL {
        """
        with recursive chain as (
            (
                select workflow_id, ordinal, commit, tree, base, octet_length(pack) as bytes
                from checkpoints where workflow_id = \(workflow) order by ordinal desc limit 1
            )
            union all
            select before.* from chain cross join lateral (
                select workflow_id, ordinal, commit, tree, base, octet_length(pack)
                from checkpoints c
                where c.workflow_id = chain.workflow_id and c.commit = chain.base and c.ordinal < chain.ordinal
                order by c.ordinal desc limit 1
            ) before
        )
        select \(columns) from chain
        """
    }

    /// The query for what the packs of all checkpoints of a workflow take.
    static func bytes(of workflow: SQL) -> SQL {
        """
        select coalesce(sum(octet_length(pack)), 0)::bigint as bytes from checkpoints where workflow_id = \(workflow)
        """
    }

    init(_ row: Row) throws {
        ordinal = try row.get("ordinal")
        commit = try row.get("commit")
        tree = try row.get("tree")
        base = try row.get("base")
        bytes = try row.get("bytes")
    }
}
